import { Component, computed, inject, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { endOtherSessions } from '@mu/shared/api/generated/fn/sign-in-history/end-other-sessions';
import { endSession } from '@mu/shared/api/generated/fn/sign-in-history/end-session';
import { readSecurity } from '@mu/shared/api/generated/fn/sign-in-history/read-security';
import { readSignIns } from '@mu/shared/api/generated/fn/sign-in-history/read-sign-ins';
import type { OwnSession, SecurityView, SignInEventView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords, knownWords } from '@mu/shared/i18n/catalogue';
import { Avatar } from '@mu/shared/ui/avatar';
import { ErrorState } from '@mu/shared/ui/error-state';
import { focusOn } from '@mu/shared/ui/focus-on';
import { Icon } from '@mu/shared/ui/icon';
import { RelativeTime } from '@mu/shared/ui/relative-time';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { FactorsSection } from './factors-section';
import { PasswordSection } from './password-section';

const SUSPICIOUS: ReadonlySet<string> = new Set(['refused', 'code_refused', 'reset_asked']);

/** Who one is, with what one proves it, where one is signed in, and what has happened to one's way in. */
@Component({
  selector: 'mu-profile-page',
  imports: [Avatar, ErrorState, FactorsSection, Icon, PasswordSection, RelativeTime, Skeleton, TranslocoPipe],
  templateUrl: './profile-page.html',
})
export class ProfilePage {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly catalogue = inject(TranslocoService);
  private readonly say = failureWords();
  private readonly known = knownWords();
  private readonly focus = focusOn();

  protected readonly user = inject(Session).user;
  protected readonly organisation = inject(Session).organisation;
  protected readonly role = computed(() => this.known(`role.${this.user()?.role ?? ''}`) ?? this.user()?.role);
  protected readonly security = signal<SecurityView | null>(null);
  protected readonly events = signal<readonly SignInEventView[]>([]);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly busy = signal(false);
  protected readonly hasOthers = computed(() => (this.security()?.sessions.length ?? 0) > 1);

  constructor() {
    void this.load();
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      const [security, history] = await Promise.all([this.api.call(readSecurity, {}), this.api.call(readSignIns, {})]);
      this.security.set(security);
      this.events.set(history.items);
    } catch (thrown) {
      // What stands here stays, above all recovery codes, which are shown this once.
      if (this.security()) this.toasts.show(this.say(toFailure(thrown)));
      else this.broken.set(toFailure(thrown));
    }
  }

  protected isSuspicious(event: SignInEventView): boolean {
    return SUSPICIOUS.has(event.kind);
  }

  protected place(of: { network: string; isSameNetwork?: boolean }): string {
    if (of.network === 'loopback') return this.catalogue.translate('profile.loopback');
    if (of.isSameNetwork) return this.catalogue.translate('profile.sameNetwork');
    return of.network === '' ? this.catalogue.translate('profile.unknownNetwork') : of.network;
  }

  protected async end(session: OwnSession): Promise<void> {
    await this.attempt(() => this.api.call(endSession, { session_id: session.id }));
  }

  protected async endOthers(): Promise<void> {
    await this.attempt(() => this.api.call(endOtherSessions, {}));
  }

  private async attempt(work: () => Promise<unknown>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      await work();
      this.toasts.show(this.catalogue.translate('profile.ended'));
      await this.load();
      this.focus('#sessions');
    } catch (thrown) {
      this.toasts.show(this.say(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }
}

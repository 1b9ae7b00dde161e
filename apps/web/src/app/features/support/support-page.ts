import { Component, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { keepSupportOut } from '@mu/shared/api/generated/fn/support/keep-support-out';
import { letSupportIn } from '@mu/shared/api/generated/fn/support/let-support-in';
import { listSupport } from '@mu/shared/api/generated/fn/support/list-support';
import { shutSupport } from '@mu/shared/api/generated/fn/support/shut-support';
import type { SupportConsentInput, SupportLog, SupportView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Live } from '@mu/shared/live/live';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { shortMoment } from '@mu/shared/ui/when';

const HOURS: readonly SupportConsentInput['hours'][] = [1, 4, 24, 72];

/** Whether those who run the installation may look at this organisation's tickets, and how they have. */
@Component({
  selector: 'mu-support-page',
  imports: [ErrorState, Icon, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './support-page.html',
})
export class SupportPage {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly now = inject(Now);
  private readonly failed = failureWords();

  protected readonly hours = HOURS;
  protected readonly mayDecide = inject(Session).can('settings:write');
  protected readonly log = signal<SupportLog | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly busy = signal(false);
  protected readonly chosen = signal<SupportConsentInput['hours']>(4);
  protected readonly open = computed(() => this.log()?.items.filter((one) => this.isOpen(one)) ?? []);
  protected readonly past = computed(() => this.log()?.items.filter((one) => !this.isOpen(one)) ?? []);

  constructor() {
    void this.load();
    inject(Live).ofOrganisation.pipe(takeUntilDestroyed()).subscribe(() => void this.load());
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      this.log.set(await this.api.call(listSupport, {}));
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected choose(hours: string): void {
    this.chosen.set(Number(hours) as SupportConsentInput['hours']);
  }

  protected letIn(): Promise<void> {
    return this.doing('letIn', () => this.api.call(letSupportIn, { body: { hours: this.chosen() } }));
  }

  protected keepOut(): Promise<void> {
    return this.doing('keptOut', () => this.api.call(keepSupportOut, {}));
  }

  protected shut({ id }: SupportView): Promise<void> {
    return this.doing('ended', () => this.api.call(shutSupport, { access_id: id }));
  }

  protected short(at: string): string {
    return shortMoment(at, this.now.at());
  }

  private isOpen({ isOpen, endsAt }: SupportView): boolean {
    return isOpen && new Date(endsAt) > this.now.at();
  }

  private async doing(said: string, work: () => Promise<unknown>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      await work();
      this.toasts.show(this.words.translate(`support.${said}`));
      await this.load();
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }
}

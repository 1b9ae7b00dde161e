import { Component, computed, effect, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import type { HeldOrganisation, SupportLog, SupportView } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { day, moment, shortMoment } from '@mu/shared/ui/when';
import { PlatformApi, newSupport, suspension } from './platform-api';

/** One organisation for those who run the installation: its numbers, its suspension, and support with its knowledge. */
@Component({
  selector: 'mu-organisation-page',
  imports: [ErrorState, Icon, RecordDialog, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './organisation-page.html',
})
export class OrganisationPage {
  /** From the address. */
  readonly organisationId = input.required<string>();

  private readonly api = inject(PlatformApi);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly now = inject(Now);
  private readonly failed = failureWords();

  protected readonly held = signal<HeldOrganisation | null>(null);
  protected readonly log = signal<SupportLog | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly busy = signal(false);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly open = computed(() => this.log()?.items.find(({ isOpen }) => isOpen) ?? null);
  protected readonly facts = computed(() => {
    const one = this.held();
    if (!one) return [];
    return [
      ['platform.kind', this.say(`platform.kinds.${one.kind}`)], ['platform.nation', this.say(`nation.${one.nation}`)],
      ['platform.homes', one.homes.toLocaleString('en-GB')], ['platform.users', one.users.toLocaleString('en-GB')],
      ['platform.created', day(one.createdAt, this.now.at())],
    ] as const;
  });

  constructor() {
    effect(() => void this.load(this.organisationId()));
  }

  protected async load(id: string): Promise<void> {
    this.broken.set(null);
    try {
      const [held, log] = await Promise.all([this.api.one(id), this.api.support(id)]);
      this.held.set(held);
      this.log.set(log);
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected suspend(one: HeldOrganisation): void {
    this.form.set(suspension(this.api, one, (held) => {
      this.held.set(held);
      this.toasts.show(this.words.translate('platform.suspendedToast', { name: held.name }), () => { this.lift(held); });
    }));
  }

  protected lift(one: HeldOrganisation): void {
    void this.doing(async () => {
      this.held.set(await this.api.lift(one.id));
      this.toasts.show(this.words.translate('platform.liftedToast', { name: one.name }));
    });
  }

  protected look(one: HeldOrganisation): void {
    this.form.set(newSupport(this.api, one.id, typeof this.log()?.consentUntil === 'string', ({ id }) => void this.router.navigate(['/platform', one.id, 'tickets', id])));
  }

  protected end(one: HeldOrganisation, access: SupportView): void {
    void this.doing(async () => {
      await this.api.end(one.id, access.id);
      await this.load(one.id);
    });
  }

  protected exact(at: string): string {
    return moment(at, this.now.at());
  }

  protected short(at: string): string {
    return shortMoment(at, this.now.at());
  }

  private say(key: string): string {
    return this.words.translate(key);
  }

  private async doing(work: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      await work();
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }
}

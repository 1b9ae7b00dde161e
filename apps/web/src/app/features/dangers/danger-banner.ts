import { Component, DestroyRef, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { acknowledgeDanger, listDangerAlerts, readOrganisation } from '@mu/shared/api/generated/functions';
import type { DangerAlert } from '@mu/shared/api/generated/models';
import { toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { Live } from '@mu/shared/live/live';
import { Icon } from '@mu/shared/ui/icon';
import { Toasts } from '@mu/shared/ui/toasts';
import words from './en.json';

const LOOK_AGAIN = 60_000;

/** Alarms that nobody looks after yet, over whatever page is open: the only filled red, until somebody acknowledges. */
@Component({
  selector: 'mu-danger-banner',
  imports: [Icon, RouterLink, TranslocoPipe],
  host: { class: 'block shrink-0' },
  template: `
    <section role="alert" [attr.aria-label]="'dangers.region' | transloco" class="max-h-[40vh] overflow-y-auto">
      @for (alarm of alarms(); track alarm.id) {
        <div class="flex flex-wrap items-center gap-x-4 gap-y-2 bg-emergency px-4 py-2 text-on-emergency sm:mx-2 sm:mb-2 sm:rounded-md">
          <mu-icon name="siren" />
          <p class="min-w-0 flex-1 basis-56">
            <a class="font-semibold underline underline-offset-2 focus-visible:outline-current" [routerLink]="['/tickets', alarm.id]">{{ 'dangers.alarm.' + alarm.danger | transloco }}</a>
            <span class="block">{{ alarm.where }}</span>
          </p>
          @if (alarm.reporterPhone; as phone) {
            <a class="underline underline-offset-2 tabular-nums focus-visible:outline-current" [href]="'tel:' + phone.replaceAll(' ', '')">{{ 'dangers.call' | transloco: { name: alarm.reporterName ?? ('dangers.tenant' | transloco), phone } }}</a>
          }
          @if (mayAcknowledge()) {
            <button type="button" class="min-h-9 rounded-md border border-current px-4 font-medium focus-visible:outline-current" [disabled]="busy() === alarm.id" (click)="acknowledge(alarm)">{{ 'dangers.acknowledge' | transloco }}</button>
          }
        </div>
      }
    </section>
    @if (unreachable()) {
      <p class="flex flex-wrap items-center gap-x-3 bg-due-soon-soft px-4 py-1.5 text-due-soon sm:mx-2 sm:mb-2 sm:rounded-md">
        <mu-icon name="alert" size="16" />{{ 'dangers.noContact' | transloco }}
        <a class="underline underline-offset-2" routerLink="/settings">{{ 'dangers.addContact' | transloco }}</a>
      </p>
    }
  `,
})
export class DangerBanner {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly failed = failureWords();
  private readonly found = signal<readonly DangerAlert[]>([]);

  protected readonly busy = signal<string | null>(null);
  protected readonly unreachable = signal(false);
  protected readonly mayAcknowledge = computed(() => this.session.can('tickets:update'));
  protected readonly alarms = computed(() => this.found().map((alarm) => {
    const home = alarm.property ? [alarm.unitLabel, alarm.property.address, alarm.property.postcode].filter(Boolean).join(', ') : alarm.addressAsWritten;
    return { ...alarm, where: [alarm.reference, home].filter(Boolean).join(' · ') };
  }));

  constructor() {
    addWords({ dangers: words });
    void this.look();
    void this.lookForContact();
    inject(Live).events.pipe(takeUntilDestroyed()).subscribe((event) => {
      if (event.is === 'resync' || event.kind.startsWith('danger')) void this.look();
      else if (this.found().some(({ id }) => id === event.ticketId)) void this.look();
    });
    const timer = setInterval(() => {
      void this.look();
      if (this.unreachable()) void this.lookForContact();
    }, LOOK_AGAIN);
    inject(DestroyRef).onDestroy(() => { clearInterval(timer); });
  }

  protected async acknowledge({ id }: DangerAlert): Promise<void> {
    this.busy.set(id);
    try {
      await this.api.call(acknowledgeDanger, { ticket_id: id });
      this.found.update((all) => all.filter((alarm) => alarm.id !== id));
      await this.look();
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    } finally {
      this.busy.set(null);
    }
  }

  private async look(): Promise<void> {
    if (!this.session.can('tickets:read')) return;
    const { items } = await this.api.call(listDangerAlerts, {}).catch(() => ({ items: this.found() }));
    this.found.set(items);
  }

  /** Only who can do something about it is told. */
  private async lookForContact(): Promise<void> {
    if (!this.session.can('settings:write')) return;
    const settings = await this.api.call(readOrganisation, {}).catch(() => null);
    if (settings) this.unreachable.set(!settings.hasEmergencyContact);
  }
}

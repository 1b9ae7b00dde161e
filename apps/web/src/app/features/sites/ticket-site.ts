import { Component, effect, inject, input, signal, untracked } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { SiteView } from '@mu/shared/api/generated/models';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { addWords } from '@mu/shared/i18n/catalogue';
import { FailedLine } from '@mu/shared/ui/failed-line';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { day } from '@mu/shared/ui/when';
import words from './en.json';
import { SiteApi } from './site-api';

/** What is to be known of a ticket's place: alerts first, what a visit has to heed, and who mends what under warranty. */
@Component({
  selector: 'mu-ticket-site',
  imports: [FailedLine, Icon, TranslocoPipe],
  host: { class: 'contents' },
  template: `
    @if (site(); as shown) {
      @if (shown.hints.length || shown.instructions.length || shown.warranties.length) {
        <ul class="flex flex-col gap-1.5" [attr.aria-label]="'sites.hints' | transloco">
          @for (hint of shown.hints; track hint.id) {
            <li class="flex items-start gap-2 rounded-md px-3 py-2" [class]="hint.isAlert ? 'bg-due-soon-soft text-due-soon' : 'bg-paper'">
              <mu-icon size="16" class="mt-0.5" [name]="hint.isAlert ? 'alert' : 'info'" />
              <span class="min-w-0"><span class="font-medium">{{ 'sites.hintKind.' + hint.kind | transloco }}</span> {{ hint.text }}</span>
            </li>
          }
          @for (text of shown.instructions; track text) {
            <li class="flex items-start gap-2 rounded-md bg-due-soon-soft px-3 py-2 text-due-soon"><mu-icon name="user-check" size="16" class="mt-0.5" /><span class="min-w-0 whitespace-pre-line">{{ text }}</span></li>
          }
          @for (asset of shown.warranties; track asset.id) {
            <li class="flex items-start gap-2 rounded-md bg-paper px-3 py-2">
              <mu-icon name="shield" size="16" class="mt-0.5 text-muted" />
              <span class="min-w-0"><span class="font-medium">{{ 'sites.assetKind.' + asset.kind | transloco }}</span> {{ 'sites.warranty' | transloco: { day: on(asset.warrantyUntil!) } }} {{ asset.warrantyWith }} {{ asset.warrantyPhone }}</span>
            </li>
          }
        </ul>
      }
    } @else if (failure(); as failure) {
      <mu-failed-line class="rounded-md bg-overdue-soft px-3 py-2" [heading]="'sites.failed' | transloco" [failure]="failure" (retry)="load(ticketId())" />
    }
  `,
})
export class TicketSite {
  readonly ticketId = input.required<string>();
  readonly propertyId = input.required<string | null>();

  private readonly api = inject(SiteApi);
  private readonly now = inject(Now);
  protected readonly site = signal<SiteView | null>(null);
  protected readonly failure = signal<ApiFailure | null>(null);

  constructor() {
    addWords({ sites: words });
    effect(() => {
      const id = this.ticketId();
      this.propertyId();
      untracked(() => void this.load(id));
    });
  }

  protected on(date: string): string {
    return day(date, this.now.at());
  }

  /** Nobody must take for safe what could not be looked up. */
  protected async load(id: string): Promise<void> {
    this.site.set(null);
    this.failure.set(null);
    try {
      const site = await this.api.ofTicket(id);
      if (id === this.ticketId()) this.site.set(site);
    } catch (thrown) {
      if (id === this.ticketId()) this.failure.set(toFailure(thrown));
    }
  }
}

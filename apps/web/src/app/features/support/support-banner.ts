import { Component, DestroyRef, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { readOpenSupport } from '@mu/shared/api/generated/fn/support/read-open-support';
import type { OpenSupport } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { addWords } from '@mu/shared/i18n/catalogue';
import { Live } from '@mu/shared/live/live';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { time } from '@mu/shared/ui/when';
import words from './en.json';

const LOOK_AGAIN = 60_000;

/** Says, over whatever page is open, who of the platform looks at the organisation's tickets now, and why. */
@Component({
  selector: 'mu-support-banner',
  imports: [Icon, RouterLink, TranslocoPipe],
  host: { class: 'block shrink-0' },
  template: `
    <div role="status">
      @for (one of open(); track one.id) {
        <div class="flex flex-wrap items-center gap-x-4 gap-y-1.5 bg-due-soon-soft px-4 py-2 text-due-soon sm:mx-2 sm:mb-2 sm:rounded-md">
          <p class="flex min-w-0 flex-1 basis-72 items-start gap-2 wrap-anywhere">
            <mu-icon name="eye" size="16" class="mt-0.5" />
            <span><span class="font-medium">{{ 'support.looks' | transloco: { who: one.who, until: until(one) } }}</span> {{ one.reason }}</span>
          </p>
          @if (maySee) { <a routerLink="/settings/support" class="underline">{{ 'support.more' | transloco }}</a> }
        </div>
      }
    </div>
  `,
})
export class SupportBanner {
  private readonly api = inject(Api);
  private readonly now = inject(Now);

  protected readonly open = signal<readonly OpenSupport[]>([]);
  protected readonly maySee = inject(Session).can('audit:read');

  constructor() {
    addWords({ support: words });
    void this.look();
    const live = inject(Live);
    live.events.pipe(takeUntilDestroyed()).subscribe(({ is }) => { if (is === 'resync') void this.look(); });
    live.ofOrganisation.pipe(takeUntilDestroyed()).subscribe(() => void this.look());
    const timer = setInterval(() => void this.look(), LOOK_AGAIN);
    inject(DestroyRef).onDestroy(() => { clearInterval(timer); });
  }

  protected until({ endsAt }: OpenSupport): string {
    return time(endsAt);
  }

  private async look(): Promise<void> {
    const found = await this.api.call(readOpenSupport, {}).catch(() => null);
    if (found) this.open.set(found.items.filter(({ endsAt }) => new Date(endsAt) > this.now.at()));
  }
}

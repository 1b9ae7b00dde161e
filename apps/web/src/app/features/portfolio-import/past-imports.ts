import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ImportStatus, KindView, PortfolioImport } from '@mu/shared/api/generated/models';
import { Counted } from '@mu/shared/i18n/counted';
import { Now } from '@mu/shared/ui/now';
import { shortMoment } from '@mu/shared/ui/when';

/** Before and after, its counts say what would come in or is gone again. */
const CAME_IN: ReadonlySet<ImportStatus> = new Set<ImportStatus>(['finished', 'cancelled', 'failed']);

/** What was imported before; each opens, and may be undone there. */
@Component({
  selector: 'mu-past-imports',
  imports: [Counted, RouterLink, TranslocoPipe],
  host: { class: 'block' },
  template: `
    <section aria-labelledby="past-heading" class="flex flex-col gap-2">
      <h2 id="past-heading" class="text-base">{{ 'portfolio-import.past' | transloco }}</h2>
      @if (rows().length) {
        <ul class="divide-y divide-hairline rounded-md border border-hairline">
          @for (one of rows(); track one.id) {
            <li>
              <a class="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-0.5 px-3 py-2 hover:bg-hover" [routerLink]="[]" [queryParams]="{ run: one.id }">
                <span class="min-w-0 flex-1 basis-60"><span class="block truncate font-medium">{{ one.fileName }}</span><span class="block text-xs text-muted">{{ one.title }} · {{ one.on }}</span></span>
                @if (one.isIn) { <span class="text-xs text-muted tabular-nums">{{ 'portfolio-import.new' | counted: one.created }} · {{ 'portfolio-import.updated' | counted: one.updated }}</span> }
                <span class="text-sm">{{ 'portfolio-import.status.' + one.status | transloco }}</span>
              </a>
            </li>
          }
        </ul>
      } @else {
        <p class="text-muted">{{ 'portfolio-import.pastNone' | transloco }}</p>
      }
    </section>
  `,
})
export class PastImports {
  readonly past = input.required<readonly PortfolioImport[]>();
  readonly kinds = input.required<readonly KindView[]>();

  private readonly now = inject(Now);

  protected readonly rows = computed(() => this.past().map((one) => ({
    ...one,
    title: this.kinds().find(({ kind }) => kind === one.kind)?.title ?? '',
    isIn: CAME_IN.has(one.status),
    on: shortMoment(one.createdAt, this.now.at()),
  })));
}

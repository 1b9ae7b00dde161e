import { Component, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { CATEGORY } from '@mu/shared/api/generated/models/category-array';
import { HAZARD_CLASS } from '@mu/shared/api/generated/models/hazard-class-array';
import { RESPONSIBILITY } from '@mu/shared/api/generated/models/responsibility-array';
import { TRADE } from '@mu/shared/api/generated/models/trade-array';
import type { HazardClass, SuggestionView } from '@mu/shared/api/generated/models';
import { Icon } from '@mu/shared/ui/icon';
import { PRIORITIES } from '@mu/shared/ui/priority-badge';
import type { Draft } from './draft';

type Field = keyof Draft;

/** From the harmless to the dangerous. */
const WORSE = ['none', 'potential_significant', 'potential_emergency'] as const satisfies readonly HazardClass[];

let sets = 0;

/** The five decisions of triage; each proposed value stands with its reason. */
@Component({
  selector: 'mu-classification-fields',
  imports: [Icon, TranslocoPipe],
  host: { class: 'grid gap-x-4 gap-y-3 @sm:grid-cols-2 @3xl:grid-cols-5' },
  template: `
    @for (one of fields; track one.field) {
      <div class="min-w-0">
        <label class="mb-1 block text-xs text-muted" [for]="id + one.field">{{ 'triage.field.' + one.field | transloco }}</label>
        <select class="mu-field" [id]="id + one.field" [attr.aria-describedby]="describedBy(one.field)" (change)="choose(one.field, $event)">
          @if (one.field === 'hazardClass' && draft().hazardClass === '') { <option value="" selected>{{ 'triage.choose' | transloco }}</option> }
          @for (value of one.values; track value) {
            <option [value]="value" [selected]="draft()[one.field] === value">{{ one.words + (value || 'none') | transloco }}</option>
          }
        </select>
        @if (change(one.field); as change) {
          <p class="mt-1 flex items-start gap-1.5 text-xs" [class]="change.lowers ? 'font-medium text-overdue' : 'text-ink'" [id]="id + one.field + '-now'">
            @if (change.lowers) { <mu-icon name="alert" size="14" class="mt-px" /> }
            {{ (change.lowers ? 'triage.lowers' : 'triage.now') | transloco: { value: (one.words + (change.from || 'none') | transloco) } }}
          </p>
        }
        @if (reason(one.field); as why) { <p class="mt-1 text-xs text-muted" [id]="id + one.field + '-why'">{{ why }}</p> }
      </div>
    }
  `,
})
export class ClassificationFields {
  readonly draft = input.required<Draft>();
  readonly suggestion = input<SuggestionView | null>(null);
  /** What the ticket says now: where the draft differs, it is shown beside it. */
  readonly now = input<Draft | null>(null);
  readonly changed = output<Draft>();

  protected readonly id = `classification-${(++sets).toString()}-`;
  protected readonly fields: readonly { field: Field; words: string; values: readonly string[] }[] = [
    { field: 'category', words: 'category.', values: CATEGORY },
    { field: 'trade', words: 'triage.trade.', values: ['', ...TRADE] },
    { field: 'priority', words: 'priority.', values: PRIORITIES },
    { field: 'hazardClass', words: 'triage.hazard.', values: HAZARD_CLASS },
    { field: 'responsibility', words: 'triage.responsibility.', values: RESPONSIBILITY },
  ];

  protected reason(field: Field): string | null {
    return field === 'responsibility' ? null : (this.suggestion()?.[field].reason ?? null);
  }

  /** What saving changes, and whether it makes the ticket less urgent or less dangerous. */
  protected change(field: Field): { readonly from: string; readonly lowers: boolean } | null {
    const now = this.now();
    const to = this.draft()[field];
    const from = now?.[field];
    if (now === null || from === undefined || from === to || (field === 'hazardClass' && from === '')) return null;
    return { from, lowers: lowered(field, from, to) };
  }

  protected describedBy(field: Field): string | null {
    const ids = [this.change(field) ? '-now' : '', this.reason(field) ? '-why' : ''].filter(Boolean);
    return ids.map((end) => this.id + field + end).join(' ') || null;
  }

  protected choose(field: Field, event: Event): void {
    this.changed.emit({ ...this.draft(), [field]: (event.target as HTMLSelectElement).value });
  }
}

function lowered(field: Field, from: string, to: string): boolean {
  const order: readonly string[] = field === 'priority' ? PRIORITIES.toReversed() : field === 'hazardClass' ? WORSE : [];
  return to !== '' && order.indexOf(to) < order.indexOf(from);
}

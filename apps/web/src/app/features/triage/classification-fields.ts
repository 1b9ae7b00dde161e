import { Component, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { CATEGORY } from '@mu/shared/api/generated/models/category-array';
import { HAZARD_CLASS } from '@mu/shared/api/generated/models/hazard-class-array';
import { RESPONSIBILITY } from '@mu/shared/api/generated/models/responsibility-array';
import { TRADE } from '@mu/shared/api/generated/models/trade-array';
import type { SuggestionView } from '@mu/shared/api/generated/models';
import { PRIORITIES } from '@mu/shared/ui/priority-badge';
import type { Draft } from './draft';

type Field = keyof Draft;

let sets = 0;

/** The five decisions of triage; each proposed value stands with its reason. */
@Component({
  selector: 'mu-classification-fields',
  imports: [TranslocoPipe],
  host: { class: 'grid gap-x-4 gap-y-3 @sm:grid-cols-2 @3xl:grid-cols-5' },
  template: `
    @for (one of fields; track one.field) {
      <div class="min-w-0">
        <label class="mb-1 block text-xs text-muted" [for]="id + one.field">{{ 'triage.field.' + one.field | transloco }}</label>
        <select class="mu-field" [id]="id + one.field" [attr.aria-describedby]="reason(one.field) ? id + one.field + '-why' : null" (change)="choose(one.field, $event)">
          @if (one.field === 'hazardClass' && draft().hazardClass === '') { <option value="" selected>{{ 'triage.choose' | transloco }}</option> }
          @for (value of one.values; track value) {
            <option [value]="value" [selected]="draft()[one.field] === value">{{ one.words + (value || 'none') | transloco }}</option>
          }
        </select>
        @if (reason(one.field); as why) { <p class="mt-1 text-xs text-muted" [id]="id + one.field + '-why'">{{ why }}</p> }
      </div>
    }
  `,
})
export class ClassificationFields {
  readonly draft = input.required<Draft>();
  readonly suggestion = input<SuggestionView | null>(null);
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

  protected choose(field: Field, event: Event): void {
    this.changed.emit({ ...this.draft(), [field]: (event.target as HTMLSelectElement).value });
  }
}

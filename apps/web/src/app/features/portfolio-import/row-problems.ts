import { Component, computed, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { RowProblem } from '@mu/shared/api/generated/models';

/** What is wrong with rows, in the order of the file; of an import that was undone, what stays. */
@Component({
  selector: 'mu-row-problems',
  imports: [TranslocoPipe],
  host: { class: 'flex flex-col gap-2' },
  template: `
    <ul class="divide-y divide-hairline rounded-md border border-hairline">
      @for (row of rows(); track $index) {
        <li class="gap-x-4 px-3 py-2 sm:flex">
          @if (row.number) { <p class="shrink-0 basis-20 font-medium tabular-nums">{{ 'portfolio-import.row' | transloco: { row: row.number } }}</p> }
          <ul class="min-w-0 flex-1">
            @for (one of row.problems; track $index) {
              <li class="break-words">@if (one.column) { <span class="text-muted">{{ one.column }}:</span> }@if (one.written) { <q class="ms-1 text-muted"><bdi>{{ one.written }}</bdi></q> } {{ one.reason }}</li>
            }
          </ul>
        </li>
      }
    </ul>
    <div class="flex flex-wrap gap-3">
      @if (hasMore()) { <button type="button" class="mu-button" (click)="more.emit()">{{ 'portfolio-import.more' | transloco }}</button> }
      @if (canTake()) { <button type="button" class="mu-button" (click)="taken.emit()">{{ 'portfolio-import.takeProblems' | transloco }}</button> }
    </div>
  `,
})
export class RowProblemList {
  readonly problems = input.required<readonly RowProblem[]>();
  readonly hasMore = input(false);
  readonly canTake = input(false);
  readonly more = output();
  readonly taken = output();

  /** All that is wrong with a row stands together; what stays after an undo has no row. */
  protected readonly rows = computed(() => {
    const rows: { number: number; problems: RowProblem[] }[] = [];
    for (const one of this.problems()) {
      const last = rows.at(-1);
      if (last && one.row && last.number === one.row) last.problems.push(one);
      else rows.push({ number: one.row, problems: [one] });
    }
    return rows;
  });
}

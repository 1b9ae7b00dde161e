import { Component, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { RowProblem } from '@mu/shared/api/generated/models';

/** What is wrong with rows, in the order of the file; of an import that was undone, what stays. */
@Component({
  selector: 'mu-row-problems',
  imports: [TranslocoPipe],
  host: { class: 'flex flex-col gap-2' },
  template: `
    <ul class="divide-y divide-hairline rounded-md border border-hairline">
      @for (one of problems(); track $index) {
        <li class="flex flex-wrap gap-x-3 gap-y-0.5 px-3 py-2">
          @if (one.row) {
            <span class="font-medium tabular-nums">{{ 'portfolio-import.row' | transloco: { row: one.row } }}</span>
            @if (one.column) { <span class="text-muted">{{ one.column }}</span> }
          }
          <span class="basis-full break-words">{{ one.reason }}</span>
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
}

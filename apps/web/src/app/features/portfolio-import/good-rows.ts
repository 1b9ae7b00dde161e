import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ColumnView, GoodRow } from '@mu/shared/api/generated/models';

/** The first rows that can be brought in, as they were understood: a wrong column shows here before it stands everywhere. */
@Component({
  selector: 'mu-good-rows',
  imports: [TranslocoPipe],
  host: { class: 'flex flex-col gap-2' },
  template: `
    <h3 class="text-base">{{ 'portfolio-import.understood' | transloco }}</h3>
    <ul class="divide-y divide-hairline rounded-md border border-hairline">
      @for (one of told(); track one.row) {
        <li class="gap-x-4 px-3 py-2 sm:flex">
          <p class="shrink-0 basis-20 font-medium tabular-nums">{{ 'portfolio-import.row' | transloco: { row: one.row } }}</p>
          <dl class="flex min-w-0 flex-1 flex-wrap gap-x-5 gap-y-1">
            @for (field of one.fields; track field.title) {
              <div class="min-w-0">
                <dt class="text-xs text-muted">{{ field.title }}</dt>
                <dd class="wrap-anywhere"><bdi>{{ field.written }}</bdi></dd>
              </div>
            }
          </dl>
        </li>
      }
    </ul>
  `,
})
export class GoodRowList {
  readonly rows = input.required<readonly GoodRow[]>();
  readonly columns = input.required<readonly ColumnView[]>();

  protected readonly told = computed(() => {
    const titles = new Map(this.columns().map(({ field, title }) => [field, title]));
    return this.rows().map(({ row, told }) => ({ row, fields: told.map(({ field, written }) => ({ title: titles.get(field) ?? field, written })) }));
  });
}

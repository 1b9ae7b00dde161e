import { Component, computed, inject, input, output } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Icon } from '@mu/shared/ui/icon';
import type { Conflict } from './ticket-edits';

/** Two people decided about the same thing; the one who was later sees both decisions and chooses. */
@Component({
  selector: 'mu-conflict-notice',
  imports: [Icon, TranslocoPipe],
  host: { class: 'block rounded-md bg-due-soon-soft px-3 py-2.5', role: 'alert' },
  template: `
    <div class="flex gap-2.5">
      <mu-icon name="users" size="18" class="text-due-soon" />
      <p>{{ sentence() }}</p>
    </div>
    <div class="mt-2 flex flex-wrap gap-2 pl-7">
      <button class="mu-button" type="button" (click)="keep.emit()">{{ 'tickets.conflict.keep' | transloco: { theirs: theirs() } }}</button>
      <button class="mu-button" type="button" (click)="overrule.emit()">{{ 'tickets.conflict.use' | transloco: { yours: yours() } }}</button>
    </div>
  `,
})
export class ConflictNotice {
  readonly conflict = input.required<Conflict>();
  readonly keep = output();
  readonly overrule = output();

  private readonly words = inject(TranslocoService);
  protected readonly theirs = computed(() => this.name(this.conflict().theirs));
  protected readonly yours = computed(() => this.name(this.conflict().yours));
  protected readonly sentence = computed(() => {
    const { field, by } = this.conflict();
    const who = by ?? this.words.translate('tickets.conflict.somebody');
    return this.words.translate(`tickets.conflict.${field}`, { who, theirs: this.theirs(), yours: this.yours() });
  });

  private name(value: Conflict['theirs']): string {
    if (value === null) return this.words.translate('tickets.nobody');
    return typeof value === 'string' ? this.words.translate(`priority.${value}`) : value.name;
  }
}

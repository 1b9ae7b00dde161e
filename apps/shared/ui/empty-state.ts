import { Component, input } from '@angular/core';
import { Icon } from './icon';
import type { IconName } from '@mu/icons';

/** What a place is for while nothing is in it. Its one button is put inside the tags. */
@Component({
  selector: 'mu-empty-state',
  imports: [Icon],
  host: { class: 'mx-auto flex max-w-sm flex-col items-center gap-2 px-4 py-12 text-center' },
  template: `
    <mu-icon class="mb-1 text-muted" [name]="icon()" size="28" />
    <h2 class="text-base">{{ heading() }}</h2>
    @if (text()) {
      <p class="text-muted">{{ text() }}</p>
    }
    <div class="mt-2 flex gap-2 empty:hidden"><ng-content /></div>
  `,
})
export class EmptyState {
  readonly icon = input<IconName>('inbox');
  readonly heading = input.required<string>();
  readonly text = input('');
}

import { Component, computed, input, numberAttribute } from '@angular/core';
import { type IconName, drawingOf } from '@mu/icons';

/** A drawing beside words. It says nothing to a screen reader: the word does. */
@Component({
  selector: 'mu-icon',
  host: { class: 'inline-flex shrink-0 items-center justify-center', 'aria-hidden': 'true' },
  template: `<svg
    viewBox="0 0 24 24"
    [attr.width]="size()"
    [attr.height]="size()"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    focusable="false"
  >
    <path [attr.d]="drawing()" />
  </svg>`,
})
export class Icon {
  readonly name = input.required<IconName>();
  readonly size = input(18, { transform: numberAttribute });

  protected readonly drawing = computed(() => drawingOf(this.name()));
}

import { Component, input } from '@angular/core';

/** A picture of the picker: one line on a board of 48 by 48, in the colour of its words. It says nothing the words don't. */
@Component({
  selector: 'mu-drawing',
  host: { class: 'contents', 'aria-hidden': 'true' },
  template: `<svg viewBox="0 0 48 48" width="56" height="56" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" focusable="false">
    <path [attr.d]="path()" />
  </svg>`,
})
export class Drawing {
  readonly path = input.required<string>();
}

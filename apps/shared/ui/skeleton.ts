import { Component, input } from '@angular/core';

/** A quiet bar where text will be. Say once, around all of them, what is loading (`aria-busy`, `aria-label`). */
@Component({
  selector: 'mu-skeleton',
  host: {
    class: 'block rounded-sm bg-sunken motion-safe:animate-[mu-breathe_1.6s_ease-in-out_infinite]',
    'aria-hidden': 'true',
    '[style.width]': 'width()',
    '[style.height]': 'height()',
  },
  template: '',
})
export class Skeleton {
  readonly width = input('100%');
  readonly height = input('0.875rem');
}

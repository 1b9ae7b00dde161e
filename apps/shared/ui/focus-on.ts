import { ElementRef, Injector, afterNextRender, inject } from '@angular/core';

/**
 * Moves the focus to the first place inside the component that matches, once it stands there: whoever works without a mouse
 * goes on where the button was that they pressed. Call it in an injection context.
 */
export function focusOn(): (selector: string) => void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const injector = inject(Injector);
  return (selector) => {
    afterNextRender(() => { host.querySelector<HTMLElement>(selector)?.focus(); }, { injector });
  };
}

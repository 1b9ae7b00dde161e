import { Directive, ElementRef, inject } from '@angular/core';

/** A field that a key leads into: Esc gives the focus back to where it came from. */
@Directive({
  selector: '[muGivesBack]',
  host: { '(focus)': 'entered($event)', '(keydown.escape)': 'leave($event)' },
})
export class GivesBack {
  private readonly field = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private before: EventTarget | null = null;

  protected entered(event: FocusEvent): void {
    // The window that comes back to the front focuses its field again, from nowhere.
    if (event.relatedTarget) this.before = event.relatedTarget;
  }

  protected leave(event: Event): void {
    // Neither does the page close what is open, nor the browser empty a search field.
    event.preventDefault();
    event.stopPropagation();
    if (this.before instanceof HTMLElement && this.before.isConnected) this.before.focus({ preventScroll: true });
    else this.field.blur();
    this.before = null;
  }
}

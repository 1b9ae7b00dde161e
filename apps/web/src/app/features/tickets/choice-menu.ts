import { type ElementRef, Component, booleanAttribute, input, output, signal, viewChild } from '@angular/core';
import { Avatar } from '@mu/shared/ui/avatar';
import { Icon } from '@mu/shared/ui/icon';
import type { IconName } from '@mu/icons';

export interface Choice<Value extends string = string> {
  readonly value: Value;
  readonly words: string;
  readonly icon?: IconName;
  readonly tone?: string;
  /** The name of a person, shown by its initials. */
  readonly person?: string;
  readonly count?: number;
  readonly chosen: boolean;
}

let menus = 0;

/** A button and the choices under it. Arrows and first letters move, Enter chooses, Esc closes. */
@Component({
  selector: 'mu-choice-menu',
  imports: [Avatar, Icon],
  host: { class: 'inline-flex max-w-full' },
  templateUrl: './choice-menu.html',
})
export class ChoiceMenu<Value extends string = string> {
  readonly label = input.required<string>();
  readonly choices = input.required<readonly Choice<Value>[]>();
  /** Several may be chosen: the menu stays open. */
  readonly several = input(false, { transform: booleanAttribute });
  readonly look = input('');
  /** What somebody else has just done to the same thing, while its choices are open. */
  readonly news = input('');
  readonly chosen = output<Value>();
  readonly opened = output();
  readonly closed = output();

  protected readonly id = `choices-${(++menus).toString()}`;
  protected readonly expanded = signal(false);
  private readonly button = viewChild.required<ElementRef<HTMLButtonElement>>('button');
  private readonly menu = viewChild.required<ElementRef<HTMLElement>>('menu');
  private typed = '';
  private typedAt = 0;

  open(): void {
    // The button's own click keeps it as the anchor of the menu.
    if (!this.expanded()) this.button().nativeElement.click();
  }

  protected toggled(event: Event): void {
    const open = (event as ToggleEvent).newState === 'open';
    this.expanded.set(open);
    if (!open) {
      this.closed.emit();
      const button = this.button().nativeElement;
      // What had the focus before may be gone by now.
      const { activeElement, body } = button.ownerDocument;
      if (activeElement === body || this.menu().nativeElement.contains(activeElement)) button.focus({ preventScroll: true });
      return;
    }
    this.opened.emit();
    const items = this.items();
    (items.find((item) => item.ariaChecked === 'true') ?? items[0])?.focus();
  }

  protected choose(value: Value): void {
    if (!this.several()) this.menu().nativeElement.hidePopover();
    this.chosen.emit(value);
  }

  /** Keys belong to the menu while it is open, so the page's single-key shortcuts don't hear them. */
  protected keyed(event: KeyboardEvent): void {
    if (event.key === 'Escape' || event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    if (event.key === 'Tab') {
      this.menu().nativeElement.hidePopover();
      return;
    }
    const items = this.items();
    const at = items.indexOf(event.target as HTMLElement);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const step = steps[event.key];
    const target = step === undefined ? this.startingWith(event, items, at) : items.at(step % items.length);
    if (!target) return;
    event.preventDefault();
    target.focus();
  }

  private startingWith({ key, timeStamp }: KeyboardEvent, items: readonly HTMLElement[], at: number): HTMLElement | undefined {
    if (key.length !== 1 || key === ' ') return undefined;
    this.typed = timeStamp - this.typedAt < 700 ? this.typed + key.toLowerCase() : key.toLowerCase();
    this.typedAt = timeStamp;
    const next = this.typed.length > 1 ? at : at + 1;
    const turn = [...items.slice(next), ...items.slice(0, next)];
    return turn.find((item) => item.textContent.trim().toLowerCase().startsWith(this.typed));
  }

  private items(): HTMLElement[] {
    return [...this.menu().nativeElement.querySelectorAll<HTMLElement>('[role^=menuitem]')];
  }
}

import { type ElementRef, Component, DestroyRef, afterNextRender, booleanAttribute, computed, inject, input, output, signal, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from './icon';
import type { Find, Finding, Found } from './record-form';
import { searchWords } from './search-words';

const TYPING = 220;

/** Finds one of many by words of it: a person, a portfolio, an address. The list is walked with the arrow keys. */
@Component({
  selector: 'mu-find-field',
  imports: [Icon, TranslocoPipe],
  host: { class: 'relative block' },
  template: `
    <div class="relative">
      <mu-icon name="search" size="16" class="pointer-events-none absolute inset-y-0 left-3 text-muted" />
      <input
        #field
        type="text"
        role="combobox"
        class="mu-field pl-9!"
        autocomplete="off"
        spellcheck="false"
        aria-autocomplete="list"
        [id]="fieldId()"
        [value]="shown()"
        [attr.aria-label]="label()"
        [attr.aria-expanded]="open()"
        [attr.aria-controls]="fieldId() + '-list'"
        [attr.aria-activedescendant]="open() && items().length ? fieldId() + '-' + at() : null"
        [attr.aria-describedby]="describedBy()"
        [attr.aria-invalid]="invalid()"
        [placeholder]="hint() | transloco"
        (input)="type()"
        (pointerdown)="touch()"
        (click)="clickAgain()"
        (blur)="leave()"
        (keydown)="keyed($event)"
      />
      @if (clearable() && shown()) {
        <button type="button" class="mu-icon-button absolute! inset-y-0 right-1 my-auto" [attr.aria-label]="'record.empty' | transloco" [title]="'record.empty' | transloco" (click)="clear()"><mu-icon name="close" size="16" /></button>
      }
    </div>
    <div class="mu-menu absolute inset-x-0 top-full z-30 mt-1 max-h-72 overflow-y-auto p-1" [class.hidden]="!open()">
      <ul #list role="listbox" [id]="fieldId() + '-list'" [attr.aria-label]="label()" [attr.aria-busy]="busy()" class="empty:hidden">
        @for (item of items(); track $index; let index = $index) {
          <li
            role="option"
            tabindex="-1"
            class="flex min-h-11 cursor-pointer flex-col justify-center rounded-sm px-2 py-1.5"
            [class.bg-hover]="index === at()"
            [id]="fieldId() + '-' + index"
            [attr.aria-selected]="index === at()"
            (pointermove)="at.set(index)"
            (pointerdown)="$event.preventDefault()"
            (click)="choose(item)"
            (keydown.enter)="choose(item)"
          >
            <span>{{ item.words }}</span>
            @if (item.detail; as detail) { <span class="text-xs text-muted">{{ detail }}</span> }
          </li>
        }
      </ul>
      <p class="px-2 py-2 text-muted empty:hidden" role="status">
        @if (failure(); as words) { {{ words }} }
        @else if (busy() && !items().length) { {{ 'ui.loading' | transloco }} }
        @else if (found().notice; as notice) { {{ notice | transloco }} }
        @else if (!busy() && !items().length) { {{ none() | transloco }} }
      </p>
    </div>
  `,
})
export class FindField {
  readonly fieldId = input.required<string>();
  readonly label = input.required<string>();
  readonly find = input.required<Find>();
  readonly shown = input('');
  readonly hint = input('record.find');
  readonly describedBy = input<string | null>(null);
  readonly invalid = input(false);
  readonly clearable = input(true);
  /** Shows what there is before anything was typed. */
  readonly browses = input(false, { transform: booleanAttribute });
  /** Takes the focus as soon as it appears. */
  readonly eager = input(false, { transform: booleanAttribute });
  /** A key of the catalogue: what to do when nothing is found. */
  readonly none = input('record.noneFound');
  readonly chosen = output<Found | null>();
  /** Esc, with the list closed: somebody wants to be rid of the field. */
  readonly dismissed = output();

  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  private readonly failed = failureWords();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request = 0;
  private wasHere = false;

  protected readonly found = signal<Finding>({ items: [] });
  protected readonly items = computed(() => this.found().items);
  protected readonly open = signal(false);
  protected readonly at = signal(0);
  protected readonly busy = signal(false);
  protected readonly failure = signal<string | null>(null);

  constructor() {
    inject(DestroyRef).onDestroy(() => { clearTimeout(this.timer); });
    afterNextRender(() => {
      if (this.eager()) this.focus();
    });
  }

  focus(): void {
    this.field().nativeElement.focus();
  }

  protected type(): void {
    clearTimeout(this.timer);
    const words = searchWords(this.field().nativeElement.value);
    if (!words && !this.browses()) {
      this.open.set(false);
      this.chosen.emit(null);
      return;
    }
    this.open.set(true);
    this.busy.set(true);
    this.timer = setTimeout(() => void this.ask(words), TYPING);
  }

  /** The click that brings somebody here leaves the rest of the form in sight; the next one asks for the list. */
  protected touch(): void {
    const field = this.field().nativeElement;
    this.wasHere = field.ownerDocument.activeElement === field;
  }

  protected clickAgain(): void {
    if (this.browses() && this.wasHere && !this.open()) this.type();
  }

  /** What was typed and not chosen is nothing: the field shows again what stands. */
  protected leave(): void {
    this.open.set(false);
    if (this.clearable()) this.field().nativeElement.value = this.shown();
  }

  protected clear(): void {
    this.field().nativeElement.value = '';
    this.chosen.emit(null);
    this.field().nativeElement.focus();
  }

  protected choose(item: Found): void {
    clearTimeout(this.timer);
    this.request++;
    this.open.set(false);
    this.field().nativeElement.value = item.words;
    this.chosen.emit(item);
  }

  protected keyed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const last = this.items().length - 1;
    const option = this.open() ? this.items()[this.at()] : undefined;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!this.open()) this.type();
      else if (last >= 0) this.at.update((at) => (at + (event.key === 'ArrowDown' ? 1 : last) + last + 1) % (last + 1));
      this.list().nativeElement.children[this.at()]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && option) this.choose(option);
    else if (event.key === 'Escape' && this.open()) this.open.set(false);
    else if (event.key === 'Escape') {
      this.dismissed.emit();
      return;
    } else if (event.key !== 'Enter') return; // what was typed and not chosen sends no form
    event.preventDefault();
    event.stopPropagation();
  }

  private async ask(words: string): Promise<void> {
    const request = ++this.request;
    this.failure.set(null);
    try {
      const found = await this.find()(words);
      if (request !== this.request) return;
      this.found.set(found);
      this.at.set(0);
    } catch (thrown) {
      if (request === this.request) this.failure.set(this.failed(toFailure(thrown)));
    } finally {
      if (request === this.request) this.busy.set(false);
    }
  }
}

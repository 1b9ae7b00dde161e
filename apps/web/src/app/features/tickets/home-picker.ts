import { type ElementRef, Component, DestroyRef, afterNextRender, afterRenderEffect, booleanAttribute, computed, inject, input, output, signal, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { searchWords } from '@mu/shared/ui/search-words';
import { type Home, addressOf } from './ticket';
import { TicketApi } from './ticket-api';

const TYPING = 180;
let pickers = 0;

/** Finds a home by address, postcode or the name of who lives there. */
@Component({
  selector: 'mu-home-picker',
  imports: [Icon, TranslocoPipe],
  host: { class: 'relative block' },
  templateUrl: './home-picker.html',
})
export class HomePicker {
  readonly label = input.required<string>();
  readonly inputId = input(`home-${(++pickers).toString()}`);
  readonly describedBy = input<string | null>(null);
  readonly invalid = input(false);
  /** What stands in the empty field; a narrow one has room for a few words. */
  readonly hint = input('tickets.homePicker.placeholder');
  /** Takes the focus as soon as it appears. */
  readonly eager = input(false, { transform: booleanAttribute });
  readonly chosen = output<Home>();
  readonly dismissed = output();

  private readonly api = inject(TicketApi);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  private readonly failed = failureWords();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request = 0;
  private wasHere = false;

  protected readonly homes = signal<readonly Home[]>([]);
  protected readonly open = signal(false);
  protected readonly at = signal(0);
  protected readonly phase = signal<'loading' | 'ready'>('ready');
  protected readonly failure = signal<string | null>(null);
  protected readonly options = computed(() => this.homes().map((home) => ({
    home,
    address: addressOf(home),
    people: home.tenancy?.people.map(({ name }) => name).join(', ') ?? null,
  })));

  constructor() {
    inject(DestroyRef).onDestroy(() => { clearTimeout(this.timer); });
    afterNextRender(() => {
      if (this.eager()) this.focus();
    });
    afterRenderEffect(() => {
      this.list().nativeElement.children[this.at()]?.scrollIntoView({ block: 'nearest' });
    });
  }

  focus(): void {
    this.field().nativeElement.focus();
  }

  protected type(): void {
    clearTimeout(this.timer);
    this.open.set(true);
    this.phase.set('loading');
    this.timer = setTimeout(() => void this.find(searchWords(this.field().nativeElement.value)), TYPING);
  }

  /** The click that brings somebody here leaves the rest of the form in sight; the next one asks for the list. */
  protected touch(): void {
    const field = this.field().nativeElement;
    this.wasHere = field.ownerDocument.activeElement === field;
  }

  protected clickAgain(): void {
    if (this.wasHere && !this.open()) this.type();
  }

  protected leave(): void {
    this.open.set(false);
  }

  protected keyed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const last = this.homes().length - 1;
    const option = this.open() ? this.homes()[this.at()] : undefined;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!this.open()) this.type();
      else if (last >= 0) this.at.update((at) => (at + (event.key === 'ArrowDown' ? 1 : last) + last + 1) % (last + 1));
    } else if (event.key === 'Enter' && option) this.choose(option);
    else if (event.key === 'Escape' && this.open()) this.open.set(false);
    else if (event.key === 'Escape') {
      this.dismissed.emit();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  protected choose(home: Home): void {
    this.open.set(false);
    this.chosen.emit(home);
  }

  private async find(q: string): Promise<void> {
    const request = ++this.request;
    this.failure.set(null);
    try {
      const homes = await this.api.homes(q);
      if (request !== this.request) return;
      this.homes.set(homes);
      this.at.set(0);
    } catch (thrown) {
      if (request === this.request) this.failure.set(this.failed(toFailure(thrown)));
    } finally {
      if (request === this.request) this.phase.set('ready');
    }
  }
}

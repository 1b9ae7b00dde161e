import { Component, ElementRef, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

/** What is shown of a long text, in characters and lines; a little more than that is shown whole. */
const MOST = 700;
const MOST_LINES = 12;
const WORTH_FOLDING = 1.25;

const NUMBER = new Intl.NumberFormat('en-GB');

/** What somebody wrote, in the direction of its own script. Very much of it is folded, so that what is done with it stays in reach. */
@Component({
  selector: 'mu-long-words',
  imports: [TranslocoPipe],
  host: { class: 'block' },
  template: `
    <p id="long-words" dir="auto" class="whitespace-pre-line [unicode-bidi:plaintext]">{{ shown() }}@if (folded()) {<span aria-hidden="true">…</span>}</p>
    @if (cut() !== null) {
      <button type="button" class="min-h-8 text-accent underline underline-offset-2" aria-controls="long-words" [attr.aria-expanded]="!folded()" (click)="toggle()">
        {{ (folded() ? 'tickets.words.all' : 'tickets.words.less') | transloco: { count: count() } }}
      </button>
    }
  `,
})
export class LongWords {
  readonly text = input.required<string>();

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly unfolded = signal(false);
  protected readonly cut = computed(() => beginningOf(this.text()));
  protected readonly folded = computed(() => this.cut() !== null && !this.unfolded());
  protected readonly shown = computed(() => (this.folded() ? this.cut() : this.text()));
  protected readonly count = computed(() => NUMBER.format(this.text().length));

  constructor() {
    effect(() => {
      this.text();
      untracked(() => { this.unfolded.set(false); });
    });
  }

  protected toggle(): void {
    this.unfolded.update((unfolded) => !unfolded);
    if (!this.unfolded()) this.host.nativeElement.scrollIntoView({ block: 'nearest' });
  }
}

/** The beginning of a text that is worth folding, up to a whole word; null for any other. */
export function beginningOf(text: string): string | null {
  const lines = text.split('\n');
  const few = lines.slice(0, MOST_LINES).join('\n');
  if (lines.length <= MOST_LINES * WORTH_FOLDING && text.length <= MOST * WORTH_FOLDING) return null;
  if (few.length <= MOST) return few.trimEnd();
  const beginning = few.slice(0, MOST);
  const end = Math.max(beginning.lastIndexOf(' '), beginning.lastIndexOf('\n'));
  return (end > MOST / 2 ? beginning.slice(0, end) : beginning.replace(/[\uD800-\uDBFF]$/, '')).trimEnd();
}

import { Component, DestroyRef, computed, effect, inject, input, output, signal } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { searchWords } from '@mu/shared/ui/search-words';
import words from './en.json';
import { Finder, type Hit, type Kind } from './finder';

const TYPING = 150;
const KINDS: readonly Kind[] = ['tickets', 'people', 'homes'];

/** What was found for the words in the top bar, as the list of its combobox: grouped, and chosen with the arrow keys. */
@Component({
  selector: 'mu-search-results',
  imports: [Icon, TranslocoPipe],
  templateUrl: './search-results.html',
})
export class SearchResults {
  readonly text = input.required<string>();
  /** Somebody has gone where a result leads. */
  readonly gone = output();

  private readonly finder = inject(Finder);
  private readonly router = inject(Router);
  private readonly failed = failureWords();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request = 0;

  protected readonly hits = signal<readonly Hit[]>([]);
  protected readonly phase = signal<'loading' | 'ready'>('loading');
  protected readonly failure = signal<string | null>(null);
  /** 0 is the search among tickets, which Enter means unless somebody chooses. */
  protected readonly at = signal(0);
  protected readonly groups = computed(() => {
    let place = 0;
    return KINDS.map((kind) => ({
      kind,
      hits: this.hits().filter((hit) => hit.kind === kind).map((hit) => ({ hit, place: ++place })),
    })).filter(({ hits }) => hits.length > 0);
  });

  readonly active = computed(() => `found-${this.at().toString()}`);

  constructor() {
    addWords({ search: words });
    effect(() => {
      const text = this.text();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.find(text), TYPING);
    });
    inject(DestroyRef).onDestroy(() => { clearTimeout(this.timer); });
  }

  /** Moves the choice, or goes where it leads; says whether the key is used up. */
  keyed({ key }: KeyboardEvent): boolean {
    const options = this.hits().length + 1;
    if (key === 'ArrowDown') this.at.update((at) => (at + 1) % options);
    else if (key === 'ArrowUp') this.at.update((at) => (at + options - 1) % options);
    else if (key === 'Enter' && this.at() > 0) this.go(this.at());
    else return false;
    document.getElementById(this.active())?.scrollIntoView({ block: 'nearest' });
    return true;
  }

  protected go(place: number): void {
    const hit = this.groups().flatMap(({ hits }) => hits).find((one) => one.place === place)?.hit;
    if (hit) void this.router.navigate([...hit.path]);
    else void this.router.navigate(['/tickets'], { queryParams: { q: searchWords(this.text()) || null } });
    this.gone.emit();
  }

  private async find(text: string): Promise<void> {
    const request = ++this.request;
    this.phase.set('loading');
    this.failure.set(null);
    try {
      const hits = await this.finder.find(text);
      if (request !== this.request) return;
      this.hits.set(hits);
      this.at.set(0);
    } catch (thrown) {
      if (request === this.request) this.failure.set(this.failed(toFailure(thrown)));
    } finally {
      if (request === this.request) this.phase.set('ready');
    }
  }
}

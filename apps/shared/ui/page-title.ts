import { Service, effect, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type RouterStateSnapshot, TitleStrategy } from '@angular/router';
import { TranslocoService } from '@jsverse/transloco';

const PRODUCT = 'MaintainUK';

/** "T-10482 Leaking tap · MaintainUK". A route's `title` is a catalogue key; a page that knows better says its own. */
@Service()
export class PageTitle extends TitleStrategy {
  private readonly title = inject(Title);
  private readonly words = inject(TranslocoService);
  private readonly text = signal('');

  /** What the page is, to be announced to people who don't see it change. */
  readonly current = this.text.asReadonly();

  constructor() {
    super();
    effect(() => {
      this.title.setTitle(this.text() ? `${this.text()} · ${PRODUCT}` : PRODUCT);
    });
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    const key = this.buildTitle(snapshot);
    this.say(key === undefined ? '' : this.words.translate(key));
  }

  say(title: string): void {
    this.text.set(title);
  }
}

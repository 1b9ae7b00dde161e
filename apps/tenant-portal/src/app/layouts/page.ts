import { Component, ElementRef, afterNextRender, computed, effect, inject, input, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Connection } from '@mu/shared/pwa/connection';
import { Icon } from '@mu/shared/ui/icon';
import { PageTitle } from '@mu/shared/ui/page-title';
import { Homes } from '../api/homes';
import { Help } from './help';

let pages = 0;

/** What every page has: whose it is, a way back, one heading, and a way to reach a person. */
@Component({
  selector: 'mu-page',
  imports: [Help, Icon, RouterLink, TranslocoPipe],
  host: { class: 'flex min-h-dvh flex-col' },
  template: `
    <header class="border-b border-hairline bg-surface" [style.border-top]="edge()">
      <div class="mx-auto flex min-h-14 max-w-2xl items-center gap-3 px-4 py-2">
        @if (organisation()?.logo; as logo) { <img [src]="logo" alt="" class="h-8 max-w-32 rounded-sm bg-[#fff] object-contain p-0.5" /> } @else {
        <svg class="shrink-0 text-accent" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
          <rect width="32" height="32" rx="8" fill="currentColor" />
          <path class="stroke-on-accent" d="M7 15.5 16 8l9 7.5V24a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 7 24ZM16 13.5v5M16 22v.1" fill="none" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
        }
        <p class="min-w-0 font-semibold wrap-anywhere">{{ organisation()?.name ?? ('page.product' | transloco) }}</p>
      </div>
    </header>
    @if (!online()) {
      <p role="status" class="bg-due-soon-soft px-4 py-2 text-center text-due-soon">{{ 'page.offline' | transloco }}</p>
    }
    <main class="mx-auto w-full max-w-2xl flex-1 px-4 pt-2 pb-10">
      @if (back(); as back) {
        <a class="mu-link -ms-1" [routerLink]="back"><mu-icon class="rtl:rotate-180" name="arrow-left" size="20" />{{ 'page.back' | transloco }}</a>
      } @else {
        <div class="h-4"></div>
      }
      @if (progress()) {
        <p class="mt-2 text-muted">{{ progress() }}</p>
      }
      <h1 #top tabindex="-1" class="mt-1 mb-4">{{ heading() }}</h1>
      <ng-content />
    </main>
    <footer class="border-t border-hairline bg-surface">
      <mu-help class="mx-auto block max-w-2xl px-4 py-5" />
    </footer>
  `,
})
export class Page {
  readonly heading = input.required<string>();
  readonly back = input<string | readonly string[] | null>(null);
  readonly progress = input('');

  protected readonly organisation = inject(Homes).organisation;
  protected readonly edge = computed(() => { const colour = this.organisation()?.colour; return colour ? `4px solid ${colour}` : null; });
  protected readonly online = inject(Connection).online;
  private readonly heard = viewChild.required<ElementRef<HTMLElement>>('top');

  constructor() {
    const title = inject(PageTitle);
    const first = pages++ === 0;
    let moves = 0;
    effect(() => {
      title.say(this.heading());
      // A new question is where reading goes on; the first page is read from its top anyway.
      if (moves++ > 0) this.begin();
    });
    afterNextRender(() => {
      if (!first) this.begin();
    });
  }

  /** Reading goes on from the top: what it was at is gone, or something else comes first now. */
  begin(): void {
    scrollTo(0, 0);
    this.heard().nativeElement.focus();
  }
}

import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { addWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import words from './en.json';

@Component({
  selector: 'mu-not-found',
  imports: [Icon, RouterLink, TranslocoPipe],
  host: { class: 'mx-auto flex max-w-sm flex-col items-center gap-2 px-4 py-16 text-center' },
  template: `
    <mu-icon class="mb-1 text-muted" name="home" size="28" />
    <h1 class="text-lg">{{ 'not-found.title' | transloco }}</h1>
    <p class="text-muted">{{ 'not-found.text' | transloco }}</p>
    <a class="mu-button mt-2" routerLink="/tickets">{{ 'not-found.action' | transloco }}</a>
  `,
})
export class NotFound {
  constructor() {
    addWords({ 'not-found': words });
  }
}

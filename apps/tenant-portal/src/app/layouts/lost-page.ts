import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Page } from './page';

@Component({
  selector: 'mu-lost-page',
  imports: [Page, RouterLink, TranslocoPipe],
  template: `
    <mu-page [heading]="'page.lostTitle' | transloco">
      <p class="mb-4">{{ 'page.lost' | transloco }}</p>
      <a class="mu-action" routerLink="/">{{ 'page.toStart' | transloco }}</a>
    </mu-page>
  `,
})
export class LostPage {}

import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { addWords } from '@mu/shared/i18n/catalogue';
import { EmptyState } from '@mu/shared/ui/empty-state';
import words from './en.json';

/** In the place of the form, for people whose role takes no reports: nothing they would write in vain. */
@Component({
  selector: 'mu-no-new-ticket',
  imports: [EmptyState, RouterLink, TranslocoPipe],
  host: { class: 'flex flex-1' },
  template: `
    <mu-empty-state class="flex-1 justify-center" icon="lock" [heading]="'new-ticket.notYours' | transloco" [text]="'new-ticket.notYoursText' | transloco">
      <a class="mu-button" routerLink="/tickets" queryParamsHandling="preserve">{{ 'tickets.back' | transloco }}</a>
    </mu-empty-state>
  `,
})
export class NoNewTicket {
  constructor() {
    addWords({ 'new-ticket': words });
  }
}

import { Component } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

@Component({
  selector: 'mu-tickets-page',
  imports: [TranslocoPipe],
  host: { class: 'block p-4' },
  template: `<h1 class="text-lg">{{ 'titles.tickets' | transloco }}</h1>`,
})
export class TicketList {}

import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { TicketsPage } from './tickets-page';

export const routes: Routes = [
  {
    path: '',
    component: TicketsPage,
    providers: [provideWords({ tickets: words })],
    children: [
      { path: 'new', title: 'tickets.new.title', data: { as: 'new' }, loadComponent: () => import('./new-ticket').then(({ NewTicketPage }) => NewTicketPage) },
      { path: ':id', data: { as: 'ticket' }, loadComponent: () => import('./ticket-page').then(({ TicketPage }) => TicketPage) },
    ],
  },
];

import { inject } from '@angular/core';
import type { CanMatchFn, Routes } from '@angular/router';
import { Session } from '@mu/shared/auth/session';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { TicketsPage } from './tickets-page';

/** Routes are matched before anybody is asked to sign in: who it is has to be known first. */
const mayCreate: CanMatchFn = async () => {
  const session = inject(Session);
  await session.start();
  return session.can('tickets:create');
};

export const routes: Routes = [
  {
    path: '',
    component: TicketsPage,
    providers: [provideWords({ tickets: words })],
    children: [
      { path: 'new', title: 'shell.newTicket', data: { as: 'new' }, canMatch: [mayCreate], loadComponent: () => import('../new-ticket/new-ticket').then(({ NewTicketPage }) => NewTicketPage) },
      { path: 'new', title: 'shell.newTicket', data: { as: 'ticket' }, loadComponent: () => import('../new-ticket/no-new-ticket').then(({ NoNewTicket }) => NoNewTicket) },
      { path: ':id', data: { as: 'ticket' }, loadComponent: () => import('./ticket-page').then(({ TicketPage }) => TicketPage) },
    ],
  },
];

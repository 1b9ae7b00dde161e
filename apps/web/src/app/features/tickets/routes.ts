import type { Routes } from '@angular/router';

export const routes: Routes = [
  { path: '**', loadComponent: () => import('./ticket-list').then(({ TicketList }) => TicketList) },
];

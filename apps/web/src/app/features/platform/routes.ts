import { inject } from '@angular/core';
import { type CanActivateFn, Router, type Routes } from '@angular/router';
import { Session } from '@mu/shared/auth/session';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { OrganisationsPage } from './organisations-page';
import { PlatformFrame } from './platform-frame';

/** Who runs nothing has nothing to see here; the server would refuse them anyway. */
const runsTheInstallation: CanActivateFn = () => inject(Session).isSteward() || inject(Router).parseUrl('/');

export const routes: Routes = [
  {
    path: '',
    component: PlatformFrame,
    canActivate: [runsTheInstallation],
    providers: [provideWords({ platform: words })],
    children: [
      { path: '', pathMatch: 'full', component: OrganisationsPage },
      { path: ':organisationId', loadComponent: () => import('./organisation-page').then(({ OrganisationPage }) => OrganisationPage) },
      {
        path: ':organisationId/tickets/:accessId',
        loadComponent: () => import('./seen-tickets').then(({ SeenTickets }) => SeenTickets),
      },
    ],
  },
];

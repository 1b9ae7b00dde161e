import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { PeoplePage } from './people-page';

export const routes: Routes = [
  {
    path: '',
    component: PeoplePage,
    providers: [provideWords({ people: words })],
    children: [{ path: ':id', loadComponent: () => import('./person-page').then(({ PersonPage }) => PersonPage) }],
  },
];

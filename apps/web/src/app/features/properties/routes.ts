import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { PropertiesPage } from './properties-page';

export const routes: Routes = [
  {
    path: '',
    component: PropertiesPage,
    providers: [provideWords({ properties: words })],
    children: [{ path: ':id', loadComponent: () => import('./property-page').then(({ PropertyPage }) => PropertyPage) }],
  },
];

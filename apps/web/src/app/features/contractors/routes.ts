import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { ContractorsPage } from './contractors-page';

export const routes: Routes = [
  {
    path: '',
    component: ContractorsPage,
    providers: [provideWords({ contractors: words })],
    children: [{ path: ':id', loadComponent: () => import('./contractor-page').then(({ ContractorPage }) => ContractorPage) }],
  },
];

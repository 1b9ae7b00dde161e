import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { LandlordsPage } from './landlords-page';

export const routes: Routes = [
  {
    path: '',
    component: LandlordsPage,
    providers: [provideWords({ landlords: words })],
    children: [{ path: ':id', loadComponent: () => import('./landlord-page').then(({ LandlordPage }) => LandlordPage) }],
  },
];

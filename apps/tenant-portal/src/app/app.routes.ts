import type { Routes } from '@angular/router';
import { DangerPage } from './features/danger/danger-page';

export const routes: Routes = [
  { path: '', loadChildren: () => import('./features/entry/routes').then(({ routes }) => routes) },
  { path: 'h/:link', pathMatch: 'full', redirectTo: 'h/:link/danger' },
  {
    path: 'h/:link/danger',
    title: 'danger.title',
    component: DangerPage, // with the application itself: the first question waits for no second journey
  },
  {
    path: 'h/:link/now/:danger',
    title: 'danger.nowTitle',
    loadComponent: () => import('./features/advice/advice-page').then(({ AdvicePage }) => AdvicePage),
  },
  { path: 'h/:link', loadChildren: () => import('./features/report/routes').then(({ routes }) => routes) },
  { path: 'status', loadChildren: () => import('./features/status/routes').then(({ routes }) => routes) },
  {
    path: '**',
    title: 'page.lostTitle',
    loadComponent: () => import('./layouts/lost-page').then(({ LostPage }) => LostPage),
  },
];

import type { Routes } from '@angular/router';
import { signedIn, signedOut } from '@mu/shared/auth/signed-in';
import { Shell } from './layouts/shell';

export const routes: Routes = [
  {
    path: 'sign-in',
    title: 'titles.sign-in',
    canActivate: [signedOut],
    loadComponent: () => import('./features/sign-in/sign-in').then(({ SignIn }) => SignIn),
  },
  { path: 'invitation', title: 'titles.invitation', loadChildren: () => import('./features/invitation/routes').then(({ routes }) => routes) },
  {
    path: 'set-up',
    title: 'titles.set-up',
    loadComponent: () => import('./features/sign-in/set-up').then(({ SetUp }) => SetUp),
  },
  {
    path: 'sign-up',
    title: 'titles.sign-up',
    canActivate: [signedOut],
    loadComponent: () => import('./features/sign-in/sign-up').then(({ SignUp }) => SignUp),
  },
  {
    path: 'forgotten-password',
    title: 'titles.forgotten-password',
    loadComponent: () => import('./features/sign-in/forgotten-password').then(({ ForgottenPassword }) => ForgottenPassword),
  },
  {
    path: 'new-password',
    title: 'titles.new-password',
    loadComponent: () => import('./features/sign-in/new-password').then(({ NewPassword }) => NewPassword),
  },
  {
    path: 'platform',
    title: 'titles.platform',
    canActivate: [signedIn],
    loadChildren: () => import('./features/platform/routes').then(({ routes }) => routes),
  },
  {
    path: '',
    component: Shell,
    canActivate: [signedIn],
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'tickets' },
      { path: 'tickets/import', title: 'titles.import', loadChildren: () => import('./features/imports/routes').then(({ routes }) => routes) },
      { path: 'tickets', title: 'titles.tickets', loadChildren: () => import('./features/tickets/routes').then(({ routes }) => routes) },
      { path: 'homes/:homeId/poster', loadChildren: () => import('./features/posters/routes').then(({ routes }) => routes) },
      { path: 'properties/import', title: 'titles.portfolio-import', loadChildren: () => import('./features/portfolio-import/routes').then(({ routes }) => routes) },
      { path: 'properties', title: 'titles.properties', loadChildren: () => import('./features/properties/routes').then(({ routes }) => routes) },
      { path: 'people', title: 'titles.people', loadChildren: () => import('./features/people/routes').then(({ routes }) => routes) },
      { path: 'landlords', title: 'titles.landlords', loadChildren: () => import('./features/landlords/routes').then(({ routes }) => routes) },
      { path: 'contractors', title: 'titles.contractors', loadChildren: () => import('./features/contractors/routes').then(({ routes }) => routes) },
      { path: 'users', title: 'titles.users', loadChildren: () => import('./features/users/routes').then(({ routes }) => routes) },
      { path: 'settings', title: 'titles.settings', loadChildren: () => import('./features/settings/routes').then(({ routes }) => routes) },
      { path: 'profile', title: 'titles.profile', loadChildren: () => import('./features/profile/routes').then(({ routes }) => routes) },
      {
        path: '**',
        title: 'titles.not-found',
        loadComponent: () => import('./features/not-found/not-found').then(({ NotFound }) => NotFound),
      },
    ],
  },
];

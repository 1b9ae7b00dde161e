import { inject } from '@angular/core';
import { type CanActivateFn, Router, type Routes } from '@angular/router';
import { Session } from '@mu/shared/auth/session';
import { provideWords } from '@mu/shared/i18n/catalogue';
import { unsavedStays } from '@mu/shared/ui/unsaved/unsaved';
import words from './en.json';
import { SettingsFrame } from './settings-frame';
import { SettingsPage } from './settings-page';

/** Whoever may not change the settings begins with the page that is theirs. */
const settingsOrElse: CanActivateFn = () => {
  const session = inject(Session);
  return session.can('settings:write') || !session.can('audit:read') || inject(Router).parseUrl('/settings/audit');
};

export const routes: Routes = [
  {
    path: '',
    component: SettingsFrame,
    providers: [provideWords({ settings: words })],
    children: [
      { path: '', pathMatch: 'full', component: SettingsPage, canActivate: [settingsOrElse], canDeactivate: [unsavedStays] },
      { path: 'sign-in', title: 'titles.sign-in-policy', loadChildren: () => import('../sign-in-policy/routes').then(({ routes }) => routes) },
      { path: 'public', title: 'titles.public', loadChildren: () => import('../public-face/routes').then(({ routes }) => routes) },
      { path: 'api-keys', title: 'titles.api-keys', loadChildren: () => import('../api-keys/routes').then(({ routes }) => routes) },
      { path: 'privacy', title: 'titles.privacy', loadChildren: () => import('../privacy/routes').then(({ routes }) => routes) },
      { path: 'retention', title: 'titles.retention', loadChildren: () => import('../retention/routes').then(({ routes }) => routes) },
      { path: 'support', title: 'titles.support', loadChildren: () => import('../support/routes').then(({ routes }) => routes) },
      { path: 'export', title: 'titles.export', loadChildren: () => import('../exports/routes').then(({ routes }) => routes) },
      { path: 'audit', title: 'titles.audit', loadChildren: () => import('../audit/routes').then(({ routes }) => routes) },
    ],
  },
];

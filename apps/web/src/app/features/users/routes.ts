import { inject } from '@angular/core';
import type { CanMatchFn, Routes } from '@angular/router';
import { Session } from '@mu/shared/auth/session';
import { provideWords } from '@mu/shared/i18n/catalogue';
import { unsavedStays } from '@mu/shared/ui/unsaved/unsaved';
import { NotYours } from '../not-yours/not-yours';
import { AccountsPage } from './accounts-page';
import words from './en.json';
import { RolePage } from './role-page';
import { RolesPage } from './roles-page';
import { TeamsPage } from './teams-page';
import { UsersPage } from './users-page';

const mayManage: CanMatchFn = async () => {
  const session = inject(Session);
  await session.start();
  return session.can('users:manage');
};

export const routes: Routes = [
  {
    path: '',
    component: UsersPage,
    canMatch: [mayManage],
    providers: [provideWords({ users: words })],
    children: [
      { path: '', pathMatch: 'full', title: 'titles.users', component: AccountsPage },
      { path: 'teams', title: 'users.tabs.teams', component: TeamsPage },
      { path: 'roles', title: 'users.tabs.roles', component: RolesPage },
      { path: 'roles/:roleId', title: 'users.tabs.roles', component: RolePage, canDeactivate: [unsavedStays] },
    ],
  },
  {
    path: '**',
    component: NotYours,
    providers: [provideWords({ users: words })],
    data: { heading: 'users.notYours', text: 'users.notYoursText', back: 'users.back', to: '/' },
  },
];

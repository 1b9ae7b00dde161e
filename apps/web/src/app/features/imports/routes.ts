import { inject } from '@angular/core';
import type { CanMatchFn, Routes } from '@angular/router';
import { Session } from '@mu/shared/auth/session';
import { provideWords } from '@mu/shared/i18n/catalogue';
import { NotYours } from '../not-yours/not-yours';
import words from './en.json';
import { ImportPage } from './import-page';

const mayImport: CanMatchFn = async () => {
  const session = inject(Session);
  await session.start();
  return session.can('tickets:create');
};

export const routes: Routes = [
  {
    path: '',
    providers: [provideWords({ imports: words })],
    children: [
      { path: '', canMatch: [mayImport], component: ImportPage },
      { path: '', component: NotYours, data: { heading: 'imports.notYours', text: 'imports.notYoursText', back: 'imports.back', to: '/tickets' } },
    ],
  },
];

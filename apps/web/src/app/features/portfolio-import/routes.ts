import { inject } from '@angular/core';
import type { CanMatchFn, Routes } from '@angular/router';
import { Session } from '@mu/shared/auth/session';
import { provideWords } from '@mu/shared/i18n/catalogue';
import { NotYours } from '../not-yours/not-yours';
import words from './en.json';
import { PortfolioImportPage } from './portfolio-import-page';

const mayImport: CanMatchFn = async () => {
  const session = inject(Session);
  await session.start();
  return session.can('properties:write');
};

export const routes: Routes = [
  {
    path: '',
    providers: [provideWords({ 'portfolio-import': words })],
    children: [
      { path: '', canMatch: [mayImport], component: PortfolioImportPage },
      { path: '', component: NotYours, data: { heading: 'portfolio-import.notYours', text: 'portfolio-import.notYoursText', back: 'portfolio-import.back', to: '/properties' } },
    ],
  },
];

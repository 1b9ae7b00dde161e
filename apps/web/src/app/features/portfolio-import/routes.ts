import { inject } from '@angular/core';
import { type CanMatchFn, Router, type Routes } from '@angular/router';
import { Session } from '@mu/shared/auth/session';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { PortfolioImportPage } from './portfolio-import-page';

const mayImport: CanMatchFn = async () => {
  const session = inject(Session);
  await session.start();
  return session.can('properties:write') || inject(Router).parseUrl('/properties');
};

export const routes: Routes = [
  { path: '', canMatch: [mayImport], component: PortfolioImportPage, providers: [provideWords({ 'portfolio-import': words })] },
];

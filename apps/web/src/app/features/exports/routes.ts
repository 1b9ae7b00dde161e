import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { ExportsPage } from './exports-page';

export const routes: Routes = [{ path: '', component: ExportsPage, providers: [provideWords({ exports: words })] }];

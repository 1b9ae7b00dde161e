import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { SupportPage } from './support-page';

export const routes: Routes = [{ path: '', component: SupportPage, providers: [provideWords({ support: words })] }];

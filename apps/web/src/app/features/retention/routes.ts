import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { RetentionPage } from './retention-page';

export const routes: Routes = [{ path: '', component: RetentionPage, providers: [provideWords({ retention: words })] }];

import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import { ApiKeysPage } from './api-keys-page';
import words from './en.json';

export const routes: Routes = [{ path: '', component: ApiKeysPage, providers: [provideWords({ 'api-keys': words })] }];

import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { PrivacyPage } from './privacy-page';

export const routes: Routes = [{ path: '', component: PrivacyPage, providers: [provideWords({ privacy: words })] }];

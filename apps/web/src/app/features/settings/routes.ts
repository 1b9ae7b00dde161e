import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { SettingsPage } from './settings-page';

export const routes: Routes = [{ path: '', component: SettingsPage, providers: [provideWords({ settings: words })] }];

import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { ProfilePage } from './profile-page';

export const routes: Routes = [{ path: '', component: ProfilePage, providers: [provideWords({ profile: words })] }];

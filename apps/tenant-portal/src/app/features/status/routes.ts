import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import photos from '../../photos/en.json';
import words from './en.json';
import { StatusPage } from './status-page';

export const routes: Routes = [{ path: '', component: StatusPage, providers: [provideWords({ status: words, photos })] }];

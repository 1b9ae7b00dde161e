import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { PosterPage } from './poster-page';

export const routes: Routes = [{ path: '', title: 'posters.title', component: PosterPage, providers: [provideWords({ posters: words })] }];

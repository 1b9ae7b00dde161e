import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import photos from '../../photos/en.json';
import words from './en.json';
import { SentPage } from './sent-page';
import { StepPage } from './step-page';

export const routes: Routes = [
  {
    path: '',
    providers: [provideWords({ report: words, photos })],
    children: [
      { path: 'sent', component: SentPage },
      { path: ':step', component: StepPage },
    ],
  },
];

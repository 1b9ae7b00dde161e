import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { PrivacyPage } from './privacy-page';
import { ReviewPage } from './review-page';

export const routes: Routes = [
  {
    path: '',
    providers: [provideWords({ privacy: words })],
    children: [
      { path: '', pathMatch: 'full', component: PrivacyPage },
      { path: ':requestId', title: 'titles.privacy', component: ReviewPage },
    ],
  },
];

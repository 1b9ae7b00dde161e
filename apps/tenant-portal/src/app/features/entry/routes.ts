import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { EntryPage } from './entry-page';
import { LinkPage } from './link-page';
import { MinePage } from './mine-page';

export const routes: Routes = [
  {
    path: '',
    providers: [provideWords({ entry: words })],
    children: [
      { path: '', pathMatch: 'full', component: EntryPage },
      { path: 'enter', component: LinkPage },
      { path: 'mine', component: MinePage },
    ],
  },
];

import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { InvitationPage } from './invitation-page';

export const routes: Routes = [{ path: '', component: InvitationPage, providers: [provideWords({ invitation: words })] }];

import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import { unsavedStays } from '@mu/shared/ui/unsaved/unsaved';
import words from './en.json';
import { SignInPolicyPage } from './sign-in-policy-page';

export const routes: Routes = [{ path: '', component: SignInPolicyPage, canDeactivate: [unsavedStays], providers: [provideWords({ 'sign-in-policy': words })] }];

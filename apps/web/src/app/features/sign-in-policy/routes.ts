import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { SignInPolicyPage } from './sign-in-policy-page';

export const routes: Routes = [{ path: '', component: SignInPolicyPage, providers: [provideWords({ 'sign-in-policy': words })] }];

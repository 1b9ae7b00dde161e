import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import { AuditPage } from './audit-page';
import words from './en.json';

export const routes: Routes = [{ path: '', component: AuditPage, providers: [provideWords({ audit: words })] }];

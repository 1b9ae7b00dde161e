import type { Routes } from '@angular/router';
import { provideWords } from '@mu/shared/i18n/catalogue';
import { unsavedStays } from '@mu/shared/ui/unsaved/unsaved';
import { PublicFacePage } from './public-face-page';
import words from './en.json';

export const routes: Routes = [{ path: '', component: PublicFacePage, canDeactivate: [unsavedStays], providers: [provideWords({ 'public-face': words })] }];

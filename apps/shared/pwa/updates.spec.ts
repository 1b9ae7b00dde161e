import { TestBed } from '@angular/core/testing';
import { SwUpdate, type VersionEvent } from '@angular/service-worker';
import { EMPTY, Subject } from 'rxjs';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { Toasts } from '@mu/shared/ui/toasts';
import { provideUpdates } from './updates';

it('offers a newer version once it is ready, and not before', () => {
  const versionUpdates = new Subject<VersionEvent>();
  const worker = { isEnabled: true, versionUpdates, unrecoverable: EMPTY, checkForUpdate: () => Promise.resolve(false) };
  TestBed.configureTestingModule({
    providers: [{ provide: SwUpdate, useValue: worker }, provideCatalogue({}), provideUpdates()],
  });
  const texts = () => TestBed.inject(Toasts).all().map(({ text }) => text);

  versionUpdates.next({ type: 'VERSION_DETECTED', version: { hash: 'b' } });
  expect(texts()).toEqual([]);
  versionUpdates.next({ type: 'VERSION_READY', currentVersion: { hash: 'a' }, latestVersion: { hash: 'b' } });

  expect(texts()).toEqual(['A newer version of MaintainUK is ready.']);
});

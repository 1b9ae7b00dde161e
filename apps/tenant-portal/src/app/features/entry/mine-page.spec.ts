import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { provideWholeCatalogue } from '@mu/shared/i18n/catalogue';
import { TenantApi } from '../../api/tenant-api';
import { Keep } from '../../draft/keep';
import { unsentWords } from '../../draft/sweep';
import words from '../../en.json';
import { FakeApi, FakeKeep } from '../../samples';
import entry from './en.json';
import { MinePage } from './mine-page';

it('leaves no words on a phone that its owner leaves to others, sent or not', async () => {
  vi.stubGlobal('scrollTo', () => undefined);
  const keep = new FakeKeep();
  await keep.put('kept', unsentWords('token-T-10482'), { text: 'My neighbour shouts.', key: 'k', at: Date.now() });
  const ownReports = () => Promise.resolve([{ reference: 'T-10482', title: 'Tap drips', stage: 'received', statusToken: 'token-T-10482' }]);
  TestBed.configureTestingModule({
    providers: [
      provideRouter([{ path: 'mine', component: MinePage }, { path: '', children: [] }]),
      provideWholeCatalogue({ ...words, entry }),
      { provide: TenantApi, useValue: Object.assign(new FakeApi(), { ownReports, leave: () => Promise.resolve() }) },
      { provide: Keep, useValue: keep },
    ],
  });
  const harness = await RouterTestingHarness.create('/mine');
  await harness.fixture.whenStable();
  harness.detectChanges();

  [...(harness.fixture.nativeElement as HTMLElement).querySelectorAll('button')].find(({ textContent }) => textContent.includes('Leave'))!.click();

  await vi.waitFor(() => {
    expect(TestBed.inject(Router).url).toBe('/');
  });
  expect(JSON.stringify([...keep.shelves])).not.toContain('neighbour');
});

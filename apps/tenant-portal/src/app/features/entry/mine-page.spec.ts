import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideWholeCatalogue } from '@mu/shared/i18n/catalogue';
import { TenantApi } from '../../api/tenant-api';
import { Keep } from '../../draft/keep';
import { unsentWords } from '../../draft/sweep';
import words from '../../en.json';
import { FakeApi, FakeKeep, NO_NETWORK } from '../../samples';
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

it.each([
  ['a visit that is over, which no second try brings back', new ApiFailure('link-missing', '', 401), false],
  ['a network that is away for a moment', NO_NETWORK, true],
])('offers what helps after %s', async (_, failure, again) => {
  vi.stubGlobal('scrollTo', () => undefined);
  TestBed.configureTestingModule({
    providers: [
      provideRouter([{ path: 'mine', component: MinePage }]),
      provideWholeCatalogue({ ...words, entry }),
      { provide: TenantApi, useValue: Object.assign(new FakeApi(), { ownReports: () => Promise.reject(failure) }) },
      { provide: Keep, useValue: new FakeKeep() },
    ],
  });
  const harness = await RouterTestingHarness.create('/mine');
  await harness.fixture.whenStable();
  harness.detectChanges();
  const page = harness.fixture.nativeElement as HTMLElement;

  expect(page.querySelector('[role=alert] button')?.textContent.includes('Try again') ?? false).toBe(again);
  expect(page.querySelector('main a')?.textContent).toContain('Get a new link');
});

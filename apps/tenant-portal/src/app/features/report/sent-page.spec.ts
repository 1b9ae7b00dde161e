import { TestBed } from '@angular/core/testing';
import { provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideWholeCatalogue } from '@mu/shared/i18n/catalogue';
import { TenantApi } from '../../api/tenant-api';
import { NO_DANGER } from '../../draft/draft';
import { Drafts } from '../../draft/drafts';
import { Keep } from '../../draft/keep';
import { Sending } from '../../draft/sending';
import words from '../../en.json';
import { FakeApi, FakeKeep, NO_NETWORK } from '../../samples';
import { routes } from './routes';

const CODE = '7KQ2M-4XPDA';

afterEach(() => {
  vi.useRealTimers();
});

/** Somebody who has pressed "Send the report", and what the landlord's side made of it. */
async function handedOver(failure: ApiFailure | null): Promise<HTMLElement> {
  vi.stubGlobal('scrollTo', () => undefined);
  vi.useFakeTimers({ now: new Date(2026, 10, 23, 14, 0), toFake: ['Date'] });
  const api = new FakeApi();
  api.failure = failure;
  TestBed.configureTestingModule({
    providers: [
      provideRouter([{ path: 'h/:link', children: routes }], withComponentInputBinding()),
      provideWholeCatalogue(words),
      { provide: TenantApi, useValue: api },
      { provide: Keep, useValue: new FakeKeep() },
    ],
  });
  const drafts = TestBed.inject(Drafts);
  const { submissionKey } = await drafts.of(CODE);
  await drafts.change(submissionKey, { danger: NO_DANGER, words: 'The kitchen tap drips.' });
  await TestBed.inject(Sending).send(submissionKey);
  const { fixture } = await RouterTestingHarness.create(`/h/${CODE}/sent`);
  await fixture.whenStable();
  fixture.detectChanges();
  return fixture.nativeElement as HTMLElement;
}

it('tells who has sent too much until when to wait, and that the report is kept', async () => {
  const page = await handedOver(new ApiFailure('too-many-reports', '', 429, null, {}, {}, 240));

  expect(page.querySelector('h1')?.textContent).toBe('Not sent yet');
  expect(page.querySelector('[role=alert]')?.textContent).toContain('Yours is kept on this phone, and sent after 14:05');
  expect(page.textContent).not.toContain('as soon as there is a network');
});

it('speaks of the network when that is what is missing', async () => {
  const page = await handedOver(NO_NETWORK);

  expect(page.querySelector('[role=alert]')).toBeNull();
  expect(page.textContent).toContain('It is sent as soon as there is a network');
});

it('gives the reference once it has arrived', async () => {
  const page = await handedOver(null);

  expect(page.querySelector('h1')?.textContent).toBe('Your report has arrived');
  expect(page.textContent).toContain('T-10482');
});

import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideWholeCatalogue } from '@mu/shared/i18n/catalogue';
import { TenantApi } from '../../api/tenant-api';
import { Drafts } from '../../draft/drafts';
import { Keep } from '../../draft/keep';
import { Sending } from '../../draft/sending';
import words from '../../en.json';
import { FakeApi, FakeKeep, NO_NETWORK } from '../../samples';
import { AdvicePage } from './advice-page';

const CODE = '7KQ2M-4XPDA';

beforeEach(() => {
  vi.stubGlobal('scrollTo', () => undefined);
});

/** Somebody who chose a danger, and looks at what to do. */
async function inDanger(danger: string, failure: ApiFailure | null = null, isSomebodyOnCall = true) {
  const api = new FakeApi();
  api.isSomebodyOnCall = isSomebodyOnCall;
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      provideWholeCatalogue(words),
      { provide: TenantApi, useValue: api },
      { provide: Keep, useValue: new FakeKeep() },
    ],
  });
  const drafts = TestBed.inject(Drafts);
  const { submissionKey } = await drafts.alarm(CODE, danger);
  const page = TestBed.createComponent(AdvicePage);
  page.componentRef.setInput('link', CODE);
  page.componentRef.setInput('danger', danger);
  const look = async (): Promise<string> => {
    await page.whenStable();
    page.detectChanges();
    return (page.nativeElement as HTMLElement).textContent.replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');
  };
  await look();
  api.failure = failure;
  await TestBed.inject(Sending).send(submissionKey);
  return { api, look, page: page.nativeElement as HTMLElement };
}

it('says what to do, whom to call and that the landlord has been told', async () => {
  const { api, look, page } = await inDanger('gas_smell');

  const text = await look();

  expect(text).toContain('Open doors and windows');
  expect(text).toContain('Harbour Lettings has been told. Your reference is T-10482.');
  expect(page.querySelector<HTMLAnchorElement>('a.mu-action-call')!.getAttribute('href')).toBe('tel:0800111999');
  expect(api.asked).toHaveLength(1);
});

it('says honestly that nothing was sent, and keeps the number to call', async () => {
  const { look, page } = await inDanger('gas_smell', NO_NETWORK);

  const text = await look();

  expect(text).toContain('Not sent yet. Call now.');
  expect(text).not.toContain('has been told');
  expect(page.querySelector('a.mu-action-call')).not.toBeNull();
});

it('says why a report was turned down, and to call', async () => {
  const { look } = await inDanger('fire', new ApiFailure('link-revoked', '', 410, 'abc'));

  const text = await look();

  expect(text).toContain('This could not be sent. Call now.');
  expect(text).toContain('Use the newest poster');
});

it('names the landlord first where no emergency service comes', async () => {
  const { look, page } = await inDanger('flooding');

  await look();

  expect(page.querySelector('a.mu-action-call')!.getAttribute('href')).toBe('tel:01174960112');
});

it('does not say that somebody knows where nobody is on call', async () => {
  const { look } = await inDanger('gas_smell', null, false);

  expect(await look()).toContain('perhaps nobody reads it before they open');
  expect(await look()).not.toContain('has been told');
});

it('asks for a phone number only after it was sent, and takes one that can be called', async () => {
  const { api, look, page } = await inDanger('gas_smell');
  await look();
  const field = page.querySelector<HTMLInputElement>('#phone')!;
  const send = (): void => {
    page.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
  };

  field.value = '12';
  send();
  expect(await look()).toContain('at least 7 digits');
  field.value = '07700 900123';
  send();
  await look();

  expect(api.phones).toEqual(['07700 900123']);
  expect(await look()).toContain('We have your number');
});

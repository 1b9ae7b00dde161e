import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideWholeCatalogue } from '@mu/shared/i18n/catalogue';
import { TenantApi } from '../../api/tenant-api';
import { Keep } from '../../draft/keep';
import words from '../../en.json';
import { FakeApi, FakeKeep, NO_NETWORK } from '../../samples';
import entry from './en.json';
import { LinkPage } from './link-page';

/** Somebody who has opened the link of an e-mail. */
async function opened() {
  vi.stubGlobal('scrollTo', () => undefined);
  const api = new FakeApi();
  TestBed.configureTestingModule({
    providers: [
      provideRouter([{ path: 'enter', component: LinkPage }, { path: 'mine', children: [] }]),
      provideWholeCatalogue({ ...words, entry }),
      { provide: TenantApi, useValue: api },
      { provide: Keep, useValue: new FakeKeep() },
    ],
  });
  const harness = await RouterTestingHarness.create('/enter#the-token');
  const page = harness.fixture.nativeElement as HTMLElement;
  const button = (): HTMLButtonElement | undefined => [...page.querySelectorAll('button')].find(({ textContent }) => textContent.includes('Open my repairs'));
  const press = async (): Promise<void> => {
    button()?.click();
    await harness.fixture.whenStable();
    harness.detectChanges();
  };
  return { api, button, page, press };
}

it('keeps its button when the network is away, because the link is still good', async () => {
  const { api, button, page, press } = await opened();
  api.failure = NO_NETWORK;
  await press();
  expect(page.querySelector('[role=alert]')?.textContent).toContain('There is no network');
  expect(button()?.disabled).toBe(false);

  api.failure = null;
  await press();

  expect(api.entered).toEqual(['the-token', 'the-token']);
  expect(TestBed.inject(Router).url).toBe('/mine');
});

it('offers a new link when this one is used up', async () => {
  const { api, button, page, press } = await opened();
  api.failure = new ApiFailure('link-used', '', 410);

  await press();

  expect(button()).toBeUndefined();
  expect(page.querySelector('main a.mu-action')?.textContent).toContain('Get a new link');
});

import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { provideWholeCatalogue } from '@mu/shared/i18n/catalogue';
import type { SentPhoto, Status } from '../../api/shapes';
import { TenantApi } from '../../api/tenant-api';
import { Keep } from '../../draft/keep';
import words from '../../en.json';
import { FakeApi, FakeKeep, STATUS, aPhoto } from '../../samples';
import photos from '../../photos/en.json';
import status from './en.json';
import { StatusPage } from './status-page';

/** Somebody who looks at their report with a keyboard. */
async function reading(differences: Partial<Status> = {}, sent: readonly SentPhoto[] = []) {
  vi.stubGlobal('scrollTo', () => undefined);
  const api = new FakeApi();
  api.stands = { ...STATUS, ...differences };
  api.shown = sent;
  TestBed.configureTestingModule({
    providers: [
      provideRouter([{ path: 'status', component: StatusPage }]),
      provideWholeCatalogue({ ...words, photos, status }),
      { provide: TenantApi, useValue: api },
      { provide: Keep, useValue: new FakeKeep() },
    ],
  });
  const harness = await RouterTestingHarness.create('/status#token');
  const page = harness.fixture.nativeElement as HTMLElement;
  document.body.append(page);
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) {
      await harness.fixture.whenStable();
      harness.detectChanges();
    }
  };
  const press = async (label: string): Promise<void> => {
    const button = [...page.querySelectorAll('button')].find(({ textContent }) => textContent.includes(label))!;
    button.focus();
    button.click();
    await settled();
  };
  await settled();
  return { api, page, press, heading: () => page.querySelector('h1'), at: () => document.activeElement };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it('leads from "cancel" into its form, and from "keep it" back', async () => {
  const { at, page, press } = await reading();

  await press("I don't need this repair any more");
  expect(at()).toBe(page.querySelector('#reason'));
  await press('Keep it');

  expect(at()?.textContent).toContain("I don't need this repair any more");
});

it('goes on at the heading once a report is cancelled, and its form is gone', async () => {
  const { api, at, heading, page, press } = await reading();
  await press("I don't need this repair any more");
  page.querySelector<HTMLInputElement>('#reason')!.value = 'It stopped by itself.';
  api.stands = { ...STATUS, stage: 'cancelled', canCancel: false };

  await press('Cancel report T-10482');

  expect(page.textContent).toContain('This report was cancelled');
  expect(at()).toBe(heading());
});

it.each([
  ['yes', 'Yes, it is happening now', { danger: 'gas_smell', soundsLike: null }],
  ['no', "No, it isn't", {}],
] as const)('goes on at the heading after a %s to the question about danger', async (_, answer, then) => {
  const { api, at, heading, page, press } = await reading({ soundsLike: 'gas_smell' });
  expect(page.textContent).toContain('This sounds dangerous');
  api.stands = { ...api.stands, ...then };

  await press(answer);

  expect(page.textContent).not.toContain('This sounds dangerous');
  expect(at()).toBe(heading());
});

it('goes up to the question when a danger is chosen below', async () => {
  const { at, heading, page, press } = await reading();

  await press('gas');

  expect(page.querySelector('[role=alert]')?.textContent).toContain('This sounds dangerous');
  expect(at()).toBe(heading());
});

it('leaves the room of a photo that was turned down to another, and asks nobody to remove what has been sent', async () => {
  const ready = Array.from({ length: 19 }, (_, number) => aPhoto(`ready-${number.toString()}`, 'ready'));

  const { page } = await reading({}, [...ready, aPhoto('broken', 'refused')]);
  expect(page.querySelector('input[type=file]')).not.toBeNull();
  TestBed.resetTestingModule();
  const { page: full } = await reading({}, [...ready, aPhoto('last', 'ready')]);

  expect(full.querySelector('input[type=file]')).toBeNull();
  expect(full.textContent).toContain('That is 20 photos');
  expect(full.textContent).not.toContain('Remove one');
});

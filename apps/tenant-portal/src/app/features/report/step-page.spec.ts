import { TestBed } from '@angular/core/testing';
import { Router, provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { provideWholeCatalogue } from '@mu/shared/i18n/catalogue';
import { TenantApi } from '../../api/tenant-api';
import { NO_DANGER } from '../../draft/draft';
import { Drafts } from '../../draft/drafts';
import { Keep } from '../../draft/keep';
import words from '../../en.json';
import { FakeApi, FakeKeep } from '../../samples';
import { routes } from './routes';

const CODE = '7KQ2M-4XPDA';

beforeEach(() => {
  vi.stubGlobal('scrollTo', () => undefined);
});

/** Somebody in no danger, with a page that can be reloaded over the same phone and the same landlord's side. */
function tenant() {
  const [api, keep] = [new FakeApi(), new FakeKeep()];
  let harness: RouterTestingHarness;

  const open = async (step: string): Promise<void> => {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ path: 'h/:link', children: routes }], withComponentInputBinding()),
        provideWholeCatalogue(words),
        { provide: TenantApi, useValue: api },
        { provide: Keep, useValue: keep },
      ],
    });
    const drafts = TestBed.inject(Drafts);
    const { submissionKey } = await drafts.of(CODE);
    await drafts.change(submissionKey, { danger: NO_DANGER });
    harness = await RouterTestingHarness.create(`/h/${CODE}/${step}`);
    await settled();
  };
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) {
      await harness.fixture.whenStable();
      harness.detectChanges();
    }
  };
  const page = (): HTMLElement => harness.fixture.nativeElement as HTMLElement;
  const press = async (text: string): Promise<void> => {
    const buttons = Array.from(page().querySelectorAll('button'));
    buttons.find((button) => button.textContent.includes(text))!.click();
    await settled();
  };
  const type = async (label: string, text: string): Promise<void> => {
    const { htmlFor } = Array.from(page().querySelectorAll('label')).find((one) => one.textContent.includes(label))!;
    const field = page().querySelector<HTMLInputElement>(`#${htmlFor}`)!;
    field.value = text;
    field.dispatchEvent(new Event('input'));
    await settled();
  };
  return {
    api,
    open,
    press,
    type,
    text: () => page().textContent.replace(/\s+/g, ' '),
    step: () => TestBed.inject(Router).url.split('/').at(-1),
    heading: () => page().querySelector('h1')!.textContent,
  };
}

it('asks one question a page and names each in the address', async () => {
  const { open, press, step, heading, text } = tenant();
  await open('where');
  expect([step(), heading()]).toEqual(['where', 'Where is the problem?']);
  expect(text()).toContain('Question 2');

  await press('Kitchen');
  expect([step(), heading()]).toEqual(['what', 'What is wrong?']);
  await press('Tap drips');
  expect([step(), heading()]).toEqual(['ask-other_tap', 'Is there another tap?']);
  expect(text()).toContain('Question 4 of 9');
  expect(text()).toContain('Put a bowl under it.');
  await press('Yes');
  expect(step()).toBe('ask-how');
  expect(text()).not.toContain('Put a bowl under it.');
  await press("I don't know");

  expect(step()).toBe('words');
});

it('keeps the answers when the page is loaded anew', async () => {
  const { open, press, type, text } = tenant();
  await open('where');
  await press('Kitchen');
  await press('Fridge');
  await type('What should we know?', 'Lodówka nie chłodzi.');

  await open('check');

  expect(text()).toContain('Fridge is broken');
  expect(text()).toContain('Lodówka nie chłodzi.');
});

it('leads back to the first question that is missing', async () => {
  const { open, step } = tenant();

  await open('check');

  expect(step()).toBe('where');
});

it('wants words for something else, and says so', async () => {
  const { open, press, type, step, text } = tenant();
  await open('where');
  await press('Kitchen');
  await press('Something else');
  await press('Continue');
  expect(step()).toBe('words');
  expect(text()).toContain('Write some words');

  await type('What should we know?', 'The hob rattles.');
  await press('Continue');

  expect(step()).toBe('photos');
});

it('sends everything once, after the last look', async () => {
  const { api, open, press, type, step, text } = tenant();
  await open('where');
  await press('Kitchen');
  await press('Fridge');
  await type('What should we know?', 'It is warm inside.');
  await press('Continue');
  await press('Continue');
  await press('Continue');
  await type('E-mail', 'aisha@example.com');
  await press('Continue');
  expect(step()).toBe('check');

  await press('Send the report');

  expect(step()).toBe('sent');
  expect(text()).toContain('T-10482');
  expect(text()).toContain('We also e-mailed it to you.');
  expect(api.asked).toHaveLength(1);
  expect(api.asked[0]).toMatchObject({ room: 'kitchen', fault: 'fridge', description: 'It is warm inside.', contact: { name: null, email: 'aisha@example.com', phone: null } });
});

it('says what follows when nobody can be reached, and goes on', async () => {
  const { open, press, type, step, text } = tenant();
  await open('where');
  await press('Kitchen');
  await press('Fridge');
  await open('contact');
  expect(text()).toContain("Without one we can't tell you");

  await type('E-mail', 'aisha@');
  await press('Continue');
  expect(step()).toBe('contact');
  expect(text()).toContain('Write the whole e-mail address');
  await type('E-mail', '');
  await press('Continue without');

  expect(step()).toBe('check');
});

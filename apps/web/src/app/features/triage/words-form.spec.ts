import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import triage from './en.json';
import { type Said, type Wordy, WordsForm } from './words-form';

describe('The words of a decision', () => {
  let form: ComponentFixture<WordsForm>;

  /** The form is opened, as after a reload or on the way back from another ticket. */
  const opens = async (about: Wordy, ticketId: string, begin = ''): Promise<void> => {
    form = TestBed.createComponent(WordsForm);
    for (const [name, value] of Object.entries({ about, ticketId, begin })) form.componentRef.setInput(name, value);
    await form.whenStable();
  };
  const page = (): HTMLElement => form.nativeElement as HTMLElement;
  const text = (): HTMLTextAreaElement => page().querySelector('textarea')!;
  const types = async (words: string): Promise<void> => {
    text().value = words;
    text().dispatchEvent(new Event('input'));
    await form.whenStable();
  };

  beforeEach(() => {
    sessionStorage.clear();
    TestBed.configureTestingModule({
      providers: [provideCatalogue({ triage }), { provide: Session, useValue: { user: signal({ id: 'amara' }) } }],
    });
  });

  it('are kept until they are sent, each ticket its own and each decision its own', async () => {
    await opens('ask', 'boiler');
    await types('Does the boiler show a code?');

    await opens('ask', 'tap');
    expect(text().value).toBe('');
    await opens('cancel', 'boiler');
    expect(text().value).toBe('');
    await opens('ask', 'boiler');
    expect(text().value).toBe('Does the boiler show a code?');
  });

  it('are kept with the reason and the day that belong to them', async () => {
    await opens('reject', 'boiler');
    await types('Please change the battery.');
    const reason = page().querySelector('select')!;
    const chosen = [...reason.options].at(-1)!.value;
    reason.value = chosen;
    reason.dispatchEvent(new Event('change'));
    await opens('plan', 'boiler');
    const day = page().querySelector('input')!;
    day.value = '2031-01-06';
    day.dispatchEvent(new Event('input'));

    await opens('reject', 'boiler');
    expect([page().querySelector('select')?.value, text().value]).toEqual([chosen, 'Please change the battery.']);
    await opens('plan', 'boiler');
    expect(page().querySelector('input')?.value).toBe('2031-01-06');
  });

  it('leave nothing behind when they are emptied', async () => {
    await opens('ask', 'boiler');
    await types('Does it');

    await types('');

    expect(sessionStorage).toHaveLength(0);
  });

  it('stay when a question that AI misses is added to them', async () => {
    await opens('ask', 'boiler');
    await types('Since when?');

    form.componentRef.setInput('begin', 'Is there an error code?');
    await form.whenStable();

    expect(text().value).toBe('Since when?\nIs there an error code?');
  });

  it('are sent as they stand there', async () => {
    await opens('ask', 'boiler', 'Is there an error code?');
    const sent: Said[] = [];
    form.componentInstance.sent.subscribe((said) => sent.push(said));

    page().querySelector<HTMLButtonElement>('button[type=submit]')!.click();

    expect(sent).toMatchObject([{ text: 'Is there an error code?' }]);
  });
});

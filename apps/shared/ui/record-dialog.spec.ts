import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { RecordDialog } from './record-dialog';
import { money } from './money';
import { type RecordForm, UnreadableSum, type Values, changing, partOf, pence, pounds } from './record-form';

const WORDS = { form: { title: 'Add a firm', name: 'Name', phone: 'Phone', why: 'Why' } };

@Component({ imports: [RecordDialog], template: '@if (form(); as one) { <mu-record-dialog [form]="one" (closed)="form.set(null)" /> }' })
class Host {
  readonly form = signal<RecordForm | null>(null);
}

describe('A form for a record', () => {
  const saved: [Values, string][] = [];
  let answers: (ApiFailure | null)[];

  beforeEach(() => {
    saved.length = 0;
    answers = [];
    HTMLDialogElement.prototype.showModal = function () { this.open = true; };
    HTMLDialogElement.prototype.close = function () { this.open = false; this.dispatchEvent(new Event('close')); };
    TestBed.configureTestingModule({ providers: [provideCatalogue(WORDS)] });
  });

  const open = async (changes: Partial<RecordForm> = {}) => {
    const host = TestBed.createComponent(Host);
    host.componentInstance.form.set({
      title: 'form.title', submit: 'record.save', values: { name: 'Aire Valley' },
      fields: [{ name: 'name', label: 'form.name' }, { name: 'phone', label: 'form.phone', kind: 'tel' }],
      save: (values, key) => {
        saved.push([values, key]);
        const answer = answers.shift();
        return answer ? Promise.reject(answer) : Promise.resolve();
      },
      ...changes,
    });
    await host.whenStable();
    const page = host.nativeElement as HTMLElement;
    const submit = async () => {
      page.querySelector('form')!.dispatchEvent(new Event('submit'));
      await host.whenStable();
    };
    document.body.append(page);
    return { host, page, submit };
  };
  const type = (field: HTMLInputElement, text: string) => {
    field.value = text;
    field.dispatchEvent(new Event('input'));
  };
  const press = (page: HTMLElement, words: string) => {
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.includes(words))!.click();
  };

  it('says what is wrong beside the field, wherever the server found it, and keeps what was typed', async () => {
    answers = [new ApiFailure('invalid', 'Look again.', 422, null, { 'members.0.person.phone': ['Enter a phone number.'] })];
    const { page, submit } = await open();
    const name = page.querySelector('input')!;
    name.value = 'Aire Valley Heating';
    name.dispatchEvent(new Event('input'));

    await submit();

    expect(page.querySelector('[type=tel]')!.getAttribute('aria-invalid')).toBe('true');
    expect(page.textContent).toContain('Enter a phone number.');
    expect(name.value).toBe('Aire Valley Heating');
  });

  it('keeps its key for a try without an answer, and takes a new one after a refusal', async () => {
    answers = [new ApiFailure('unreachable', '', 0), new ApiFailure('invalid', '', 422), null];
    const { host, submit } = await open();

    await submit();
    await submit();
    await submit();

    const [first, second, third] = saved.map(([, key]) => key);
    expect(second).toBe(first);
    expect(third).not.toBe(second);
    expect(host.componentInstance.form()).toBeNull();
  });

  interface Firm { readonly version: number; readonly name: string; readonly phone: string }
  const quicker = (current: Firm) => new ApiFailure('changed-meanwhile', '', 412, null, {}, { current });
  const typed: [Firm, Values][] = [];
  const changedFirm = () => changing<Firm>(
    { version: 1, name: 'Aire Valley', phone: '01632 960001' },
    ({ name, phone }) => ({ name, phone }),
    (firm, values) => {
      typed.push([firm, values]);
      const answer = answers.shift();
      return answer ? Promise.reject(answer) : Promise.resolve();
    },
  );

  it('tells of a colleague who was quicker, and keeps what they wrote into fields that nobody touched', async () => {
    typed.length = 0;
    answers = [quicker({ version: 7, name: 'Aire Valley', phone: '01632 960777' }), null];
    const { page, submit } = await open(changedFirm());
    type(page.querySelector('input')!, 'Aire Valley Heating');

    await submit();
    expect(page.querySelector('[role=alert]')!.textContent).toContain('Somebody else changed this meanwhile');
    expect(page.querySelector<HTMLInputElement>('[type=tel]')!.value).toBe('01632 960777');
    await submit();

    const [firm, values] = typed.at(-1)!;
    expect(firm.version).toBe(7);
    expect(values).toEqual({ name: 'Aire Valley Heating', phone: '01632 960777' });
  });

  it('shows what a colleague wrote into the same field, to be taken instead', async () => {
    answers = [quicker({ version: 7, name: 'Aire Valley Gas', phone: '01632 960001' }), null];
    const { host, page, submit } = await open(changedFirm());
    const name = page.querySelector('input')!;
    type(name, 'Aire Valley Heating');

    await submit();
    expect(page.textContent).toContain('Aire Valley Gas');
    press(page, 'Use theirs');
    await host.whenStable();

    expect(name.value).toBe('Aire Valley Gas');
  });

  it('finds a part of what a refusal shows', () => {
    const part = { id: 'b', version: 2 };
    expect(partOf({ id: 'x', units: [{ id: 'a', version: 1 }, part] }, 'units', { id: 'b', version: 1 })).toBe(part);
    expect(partOf(null, 'units', { id: 'b', version: 1 })).toEqual({ id: 'b', version: 1 });
  });

  it('asks before it throws away what was typed', async () => {
    const { host, page } = await open();
    type(page.querySelector('input')!, 'Aire Valley Heating');

    const escape = new Event('cancel', { cancelable: true });
    page.querySelector('dialog')!.dispatchEvent(escape);
    await host.whenStable();
    expect(escape.defaultPrevented).toBe(true);
    expect(page.querySelector('footer [role=alert]')!.textContent).toContain('not saved');

    press(page, 'Keep writing');
    await host.whenStable();
    expect(page.querySelector('input')!.value).toBe('Aire Valley Heating');

    press(page, 'Cancel');
    await host.whenStable();
    expect(host.componentInstance.form()).not.toBeNull();
    press(page, 'Throw it away');
    expect(host.componentInstance.form()).toBeNull();
  });

  it('opens again where the browser closed it over what was typed', async () => {
    const { host, page } = await open();
    type(page.querySelector('input')!, 'Aire Valley Heating');

    page.querySelector('dialog')!.close();
    await host.whenStable();

    expect(page.querySelector('dialog')!.open).toBe(true);
    expect(page.querySelector('footer [role=alert]')!.textContent).toContain('not saved');
  });

  it('goes at once where nothing was typed, and stays while it saves', async () => {
    let saves!: () => void;
    const { host, page } = await open({ save: () => new Promise<void>((resolve) => { saves = resolve; }) });

    page.querySelector('form')!.dispatchEvent(new Event('submit'));
    press(page, 'Cancel');
    await Promise.resolve();
    expect(host.componentInstance.form()).not.toBeNull();
    saves();
    await host.whenStable();
    expect(host.componentInstance.form()).toBeNull();

    const again = await open();
    press(again.page, 'Cancel');
    expect(again.host.componentInstance.form()).toBeNull();
  });

  it('refuses a sum that cannot be read, beside its field, and asks nobody', async () => {
    const { page, submit } = await open({ fields: [{ name: 'limit', label: 'form.name', kind: 'money' }], values: {}, save: (values, key) => { saved.push([{ limit: String(pence(values, 'limit')) }, key]); return Promise.resolve(); } });
    const limit = page.querySelector('input')!;
    type(limit, '250 per job');

    await submit();

    expect(saved).toEqual([]);
    expect(limit.getAttribute('aria-invalid')).toBe('true');
    expect(page.textContent).toContain('250.50');
  });

  it('sends nothing of a field that is not shown', async () => {
    const { page, submit } = await open({
      fields: [{ name: 'name', label: 'form.name' }, { name: 'phone', label: 'form.phone', when: ({ name }) => name !== '' }],
      values: { name: 'Marek', phone: '01632 960001' },
    });
    type(page.querySelector('input')!, '');

    await submit();

    expect(saved[0]![0]).toEqual({ name: '' });
  });

  it('takes the focus to the first of several boxes that are wrong, and describes each field by its hint', async () => {
    answers = [new ApiFailure('invalid', '', 422, null, { trades: ['Choose a trade.'] })];
    const { page, submit } = await open({
      fields: [
        { name: 'kind', label: 'form.name', kind: 'choice', hint: 'form.why', choices: [{ value: 'a', words: 'A' }] },
        { name: 'trades', label: 'form.phone', kind: 'several', hint: 'form.why', choices: [{ value: 'gas', words: 'Gas' }, { value: 'roof', words: 'Roof' }] },
      ],
      values: { trades: [] },
    });

    await submit();
    await new Promise((resolve) => { setTimeout(resolve); });

    const boxes = [...page.querySelectorAll<HTMLInputElement>('[type=checkbox]')];
    expect(boxes.map((box) => box.getAttribute('aria-invalid'))).toEqual(['true', 'true']);
    expect(document.activeElement).toBe(boxes[0]);
    const described = (element: Element) => element.getAttribute('aria-describedby')!.split(' ').map((id) => page.querySelector(`#${id}`)?.textContent.trim());
    expect(described(page.querySelector('select')!)).toContain('Why');
    expect(described(page.querySelector('fieldset')!)).toContain('Why');
  });

  it.each([['£1,250.50', 125_050], ['250', 25_000], ['80.5', 8_050], ['1 250', 125_000], ['', null], ['  ', null]])('reads %s as pence', (sum, read) => {
    expect(pence({ sum }, 'sum')).toBe(read);
  });

  it.each(['plenty', '250 per job', '1.250,00', '80.505', '1,25', '-5'])('takes %s for no sum, and never for none', (sum) => {
    expect(() => pence({ sum }, 'sum')).toThrow(UnreadableSum);
  });

  it('writes pence as pounds', () => {
    expect([pounds(125_050), pounds(25_000), pounds(null)]).toEqual(['1250.50', '250', '']);
    expect([money(125_050), money(500_000_000)]).toEqual(['£1,250.50', '£5,000,000']);
  });
});

import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { RecordDialog } from './record-dialog';
import { type RecordForm, type Values, pence, pounds } from './record-form';

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
    return { host, page, submit };
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

  it('tells of a colleague who was quicker, and saves about their version then', async () => {
    let version = 1;
    answers = [new ApiFailure('changed-meanwhile', '', 412, null, {}, { current: { version: 7 } })];
    const { page, submit } = await open({ seen: (current) => { version = (current as { version: number }).version; } });

    await submit();

    expect(version).toBe(7);
    expect(page.querySelector('[role=alert]')!.textContent).toContain('Somebody else changed this meanwhile');
  });

  it('reads pounds as pence', () => {
    expect(pence({ sum: '£1,250.50' }, 'sum')).toBe(125_050);
    expect(pence({ sum: 'plenty' }, 'sum')).toBeNull();
    expect(pounds(125_050)).toBe('1250.50');
  });
});

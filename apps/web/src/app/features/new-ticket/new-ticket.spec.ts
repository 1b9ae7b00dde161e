import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { ApiFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { Colleagues } from '../tickets/colleagues';
import { Drafts } from '../tickets/drafts';
import words from '../tickets/en.json';
import { NewTicketPage } from './new-ticket';
import type { Home, NewTicket, Ticket } from '../tickets/ticket';
import { TicketApi } from '../tickets/ticket-api';
import { aTicket } from '../tickets/ticket-samples';
import { TicketStore } from '../tickets/ticket-store';

const HOME: Home = {
  unitId: 'unit',
  unitLabel: 'Flat 2',
  property: { id: 'home', address: '14 Brudenell Mount, Leeds', postcode: 'LS6 1HT', nation: 'ENG' },
  tenancy: { id: 'tenancy', people: [{ id: 'lead', name: 'Siobhán O’Dowd' }, { id: 'other', name: 'Yusuf Demir' }] },
};
const DRAFT = {
  key: 'the-key',
  home: HOME,
  values: { title: 'No hot water', description: 'Since Saturday.', reporterId: 'lead', category: 'heating_hot_water', priority: 'P2', ownerId: '' },
};

describe('A new ticket', () => {
  const create = vi.fn<(ticket: NewTicket, key: string) => Promise<Ticket>>();
  const store = { put: vi.fn(), lookForNew: vi.fn(), count: vi.fn() };

  let fixture: ComponentFixture<NewTicketPage>;
  const page = async (draft: unknown = DRAFT): Promise<HTMLElement> => {
    if (draft) TestBed.inject(Drafts).keep('new-ticket', draft);
    fixture = TestBed.createComponent(NewTicketPage);
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  };
  const submit = async (form: HTMLElement): Promise<void> => {
    form.querySelector<HTMLButtonElement>('button[type=submit]')?.click();
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  };

  beforeEach(() => {
    sessionStorage.clear();
    create.mockReset();
    HTMLDialogElement.prototype.showModal = function (): void { this.open = true; };
    HTMLDialogElement.prototype.close = function (): void { this.open = false; };
    TestBed.configureTestingModule({
      providers: [
        provideCatalogue({ tickets: words }), provideRouter([{ path: '**', children: [] }]), Colleagues,
        { provide: TicketApi, useValue: { create, colleagues: () => Promise.resolve([]), homes: () => Promise.resolve([HOME]) } },
        { provide: TicketStore, useValue: store },
        { provide: Session, useValue: { user: signal({ id: 'me', name: 'Priya Raman' }) } },
      ],
    });
  });

  it('keeps its draft until it is sent', async () => {
    create.mockResolvedValue(aTicket());
    const form = await page();
    const before = form.querySelector<HTMLInputElement>('#title')?.value;

    await submit(form);

    expect(before).toBe('No hot water');
    expect(TestBed.inject(Drafts).read('new-ticket')).toBeNull();
    expect(create.mock.calls[0]?.[0]).toMatchObject({ propertyId: 'home', unitId: 'unit', reporterId: 'lead', priority: 'P2', ownerId: null });
  });

  it('sends a try without an answer again under the same key', async () => {
    create.mockRejectedValueOnce(new ApiFailure('unreachable', '', 0)).mockResolvedValue(aTicket());
    const form = await page();

    await submit(form);
    const words = form.querySelector('[role=alert]')?.textContent;
    await submit(form);

    expect(words).toContain('What you typed is kept.');
    expect(create.mock.calls.map(([, key]) => key)).toEqual(['the-key', 'the-key']);
  });

  it('shows what the server says about a field beside it, and counts the next try as another', async () => {
    create.mockRejectedValueOnce(new ApiFailure('invalid', 'Look again.', 422, null, { title: ['Say in a few words what is wrong.'] })).mockResolvedValue(aTicket());
    const form = await page();

    await submit(form);
    const error = form.querySelector('#title-error')?.textContent.trim();
    const invalid = form.querySelector('#title')?.getAttribute('aria-invalid');
    await submit(form);

    expect([error, invalid]).toEqual(['Say in a few words what is wrong.', 'true']);
    expect(create.mock.calls[1]?.[1]).not.toBe('the-key');
  });

  it.each([
    ['title', 'x'.repeat(100), ''],
    ['title', 'x'.repeat(150), '10 characters left'],
    ['title', 'x'.repeat(159), '1 character left'],
    ['title', 'x'.repeat(161), '1 character too long'],
    ['title', 'x'.repeat(165), '5 characters too long'],
    ['description', 'x'.repeat(38_001), '18,001 characters too long'],
  ])('counts what still fits into the %s, and what does not', async (field, text, told) => {
    const form = await page({ ...DRAFT, values: { ...DRAFT.values, [field]: text } });

    const hint = form.querySelector(`#${field}-hint span`)?.textContent.trim() ?? '';

    expect(hint).toBe(told);
  });

  it('asks for what is missing before it asks the server', async () => {
    const form = await page(null);

    await submit(form);

    expect(form.querySelector('#home-error')?.textContent).toContain('Choose the home');
    expect(form.querySelector('#title-error')?.textContent).toContain('Say in a few words');
    expect(create).not.toHaveBeenCalled();
  });
});

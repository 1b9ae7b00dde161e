import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import triage from '../triage/en.json';
import words from './en.json';
import { HomeLink } from './home-link';
import type { Home } from './ticket';
import { TicketApi } from './ticket-api';
import { aTicket } from './ticket-samples';

const HOME: Home = {
  unitId: 'unit', unitLabel: '', property: { id: 'home', address: '11 Ash Grove, Leeds', postcode: 'LS6 3AB', nation: 'ENG' },
  tenancy: { id: 'tenancy', people: [{ id: 'p', name: 'Aisha Khan' }] },
};

describe('Linking a report to a home', () => {
  const api = { homesLike: vi.fn(), homes: vi.fn(() => Promise.resolve([])) };
  let link: ComponentFixture<HomeLink>;
  let page: HTMLElement;
  const chosen: string[] = [];

  const opens = async (homes: Home[]): Promise<void> => {
    api.homesLike.mockResolvedValue(homes);
    chosen.length = 0;
    TestBed.configureTestingModule({ providers: [provideCatalogue({ tickets: words, triage }), { provide: TicketApi, useValue: api }] });
    link = TestBed.createComponent(HomeLink);
    link.componentRef.setInput('ticket', aTicket({ property: null, addressAsWritten: '11 Ash Grove' }));
    link.componentInstance.chosen.subscribe(({ unitId }) => chosen.push(unitId));
    page = link.nativeElement as HTMLElement;
    document.body.append(page);
    await link.whenStable();
    await link.whenStable();
  };
  const press = async (name: string): Promise<void> => {
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.includes(name))?.click();
    await link.whenStable();
  };

  afterEach(() => { page.remove(); });

  it('suggests what the address may mean, and links nothing by itself', async () => {
    await opens([HOME]);

    expect(page.textContent).toContain('11 Ash Grove, Leeds, LS6\u00a03AB');
    expect(page.textContent).toContain('Aisha Khan');
    expect(chosen).toEqual([]);
    await press('11 Ash Grove');
    expect(chosen).toEqual(['unit']);
  });

  it('looks for another home, and gives up again from the button where it began', async () => {
    await opens([]);

    await press('Link to a home');
    const placeholder = page.querySelector('input')?.placeholder;
    await press('Cancel');

    expect(placeholder).toBe('Find a home');
    expect(page.querySelector('input')).toBeNull();
    expect(document.activeElement?.textContent).toBe('Link to a home');
  });
});

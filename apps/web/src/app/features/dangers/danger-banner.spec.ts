import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { DangerAlert } from '@mu/shared/api/generated/models';
import { CLIENT, Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { Live, type LiveEvent } from '@mu/shared/live/live';
import { UNDO_TIME } from '@mu/shared/ui/toasts';
import { Subject } from 'rxjs';
import words from '../../en.json';
import { STARTLED } from './alarms';
import { DangerBanner } from './danger-banner';

const HOME = { id: 'home', address: '14 Brudenell Mount, Leeds', postcode: 'LS6 1HT' };
const anAlarm = (id: string, differences: Partial<DangerAlert> = {}): DangerAlert => ({
  id, reference: `T-${id}`, title: 'Danger', danger: 'gas_smell', property: { ...HOME, id: `home of ${id}` }, addressAsWritten: null, unitLabel: 'Flat 2',
  reporterName: 'Oluwaseun Adébáyò', reporterPhone: '07700 900142', reportedAt: '2026-11-23T08:02:00Z', takenBackAt: null, version: 1, ...differences,
});

describe('The alarms over every page', () => {
  const events = new Subject<LiveEvent>();
  let http: HttpTestingController;
  let banner: ComponentFixture<DangerBanner>;
  let page: HTMLElement;

  const passes = async (time = 0): Promise<void> => {
    await vi.advanceTimersByTimeAsync(time);
    banner.detectChanges();
  };
  const answer = async (items: readonly DangerAlert[], hazards = 0, waiting = items.length): Promise<void> => {
    http.expectOne('/api/v1/tickets/dangers').flush({ data: { items, waiting, hazards }, error: null, traceId: 't' });
    await passes();
  };
  const opens = async (items: readonly DangerAlert[], hazards = 0, waiting = items.length): Promise<void> => {
    banner = TestBed.createComponent(DangerBanner);
    page = banner.nativeElement as HTMLElement;
    banner.detectChanges();
    await passes();
    await answer(items, hazards, waiting);
    await passes(STARTLED);
  };
  const button = (name: string, nth = 0): HTMLButtonElement | undefined =>
    [...page.querySelectorAll('button')].filter(({ textContent }) => textContent.trim() === name)[nth];
  const saved = async (method = 'PUT'): Promise<void> => {
    http.expectOne((request) => request.method === method && request.url.endsWith('/danger/acknowledgement')).flush({ data: {}, error: null, traceId: 't' });
    await passes();
  };
  /** What stands there to be seen, without what only keeps its room. */
  const seen = (): string => {
    const copy = page.cloneNode(true) as HTMLElement;
    copy.querySelectorAll('.invisible').forEach((hidden) => { hidden.remove(); });
    return copy.textContent;
  };
  const lines = (): string[] => [...page.querySelectorAll('[role=group]')].map((line) => line.getAttribute('aria-label') ?? '');

  beforeEach(async () => {
    vi.useFakeTimers();
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(), provideHttpClientTesting(), provideRouter([]), provideCatalogue(words),
        { provide: CLIENT, useValue: 'staff' }, { provide: Live, useValue: { events } },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    const entering = TestBed.inject(Session).signIn('amara.okafor@brightwell.example.com', 'correct-horse-42');
    const user = { id: 'a', name: 'Amara Okafor', email: 'amara.okafor@brightwell.example.com', role: 'Coordinator', permissions: ['tickets:read', 'tickets:update'], lists: [] };
    const organisation = { id: 'b', name: 'Brightwell Lettings', kind: 'letting_agent' };
    http.expectOne('/auth/login').flush({ data: { accessToken: 't', expiresIn: 900, user, organisation }, error: null, traceId: 't' });
    await entering;
  });

  afterEach(() => { vi.useRealTimers(); });

  it('keeps an acknowledged alarm in its place, so that a double click silences no other', async () => {
    await opens([anAlarm('1'), anAlarm('2', { danger: 'fire' })]);

    button('Acknowledge')!.click();
    await passes(150);
    button('Undo')!.click();
    await passes();

    http.expectNone(({ method }) => method === 'DELETE');
    await saved();
    await answer([anAlarm('2', { danger: 'fire' })]);
    expect(lines()).toEqual(['Smell of gas, T-1', 'Fire, T-2']);
    expect(seen()).toContain('You look after it');
    expect(seen()).toContain('Open the ticket');
    expect(button('Acknowledge', 1)).toBeUndefined();
  });

  it('lets it go once there was time to undo it, and then waits for the hand to see what moved', async () => {
    await opens([anAlarm('1'), anAlarm('2', { danger: 'fire' })]);
    button('Acknowledge')!.click();
    await passes();
    await saved();
    await answer([anAlarm('2', { danger: 'fire' })]);

    await passes(UNDO_TIME);
    expect(lines()).toEqual(['Fire, T-2']);

    button('Acknowledge')!.click();
    await passes();
    http.expectNone(({ method }) => method === 'PUT');
    await passes(STARTLED);
    button('Acknowledge')!.click();
    await passes();
    await saved();
  });

  it('takes an acknowledgement back', async () => {
    await opens([anAlarm('1')]);
    button('Acknowledge')!.click();
    await passes();
    await saved();
    await answer([]);
    await passes(STARTLED);

    button('Undo')!.click();
    await passes();
    await saved('DELETE');
    await answer([anAlarm('1')]);

    expect(button('Acknowledge')).toBeDefined();
    await passes(UNDO_TIME * 2);
    expect(lines()).toEqual(['Smell of gas, T-1']);
  });

  it('moves nothing under the pointer when a colleague is faster', async () => {
    await opens([anAlarm('1'), anAlarm('2', { danger: 'fire' })]);
    page.querySelector('section')!.dispatchEvent(new Event('pointerenter'));

    events.next({ is: 'ticket-changed', ticketId: '1', version: 2, kind: 'danger_acknowledged', actorId: 'b' });
    await answer([anAlarm('2', { danger: 'fire' })]);
    await passes(UNDO_TIME * 2);
    expect(lines()).toEqual(['Smell of gas, T-1', 'Fire, T-2']);
    expect(seen()).toContain('A colleague looks after it');

    page.querySelector('section')!.dispatchEvent(new Event('pointerleave'));
    await passes(STARTLED);
    expect(lines()).toEqual(['Fire, T-2']);
  });

  it('shows three homes, folds the rest behind one line, and counts those that are not listed', async () => {
    await opens(['1', '2', '3', '4', '5'].map((id) => anAlarm(id)), 0, 7);
    expect(lines()).toHaveLength(3);

    Element.prototype.scrollIntoView = vi.fn();
    button('4 more alarms')!.click();
    banner.detectChanges();

    expect(lines()).toHaveLength(5);
    expect(button('4 more alarms')!.getAttribute('aria-expanded')).toBe('true');
  });

  it('shows what one home reports as one bar', async () => {
    await opens(['1', '2', '3'].map((id) => anAlarm(id, { property: HOME, danger: id === '3' ? 'fire' : 'gas_smell' })));
    expect(lines()).toEqual([]);
    expect(page.textContent).toContain('3 alarms at Flat 2, 14 Brudenell Mount, Leeds, LS6 1HT');
    expect(page.textContent).toContain('Smell of gas (2), Fire');

    Element.prototype.scrollIntoView = vi.fn();
    button('Show each')!.click();
    banner.detectChanges();

    expect(lines()).toHaveLength(3);
  });

  it('reads out new alarms only', async () => {
    await opens([anAlarm('1')]);
    events.next({ is: 'ticket-changed', ticketId: '2', version: 1, kind: 'danger_reported', actorId: null });
    await answer([anAlarm('1'), anAlarm('2', { danger: 'fire' })]);

    expect(page.querySelector('[role=alert]')!.textContent.trim()).toBe('Fire, Flat 2, 14 Brudenell Mount, Leeds, LS6 1HT');
  });

  it('says that an alarm was taken back, and keeps it until somebody acknowledges it', async () => {
    vi.setSystemTime(new Date('2026-11-23T09:00:00Z'));
    await opens([anAlarm('1', { takenBackAt: '2026-11-23T08:30:00Z' })]);

    expect(seen()).toContain('Taken back by the tenant at 08:30');
    expect(button('Acknowledge')).toBeDefined();
  });

  it('leads to emergencies that nobody chose and nobody has looked at', async () => {
    await opens([], 2);

    expect(page.textContent).toContain('2 tickets sound like emergencies');
    expect(page.querySelector('a[href="/tickets?mark=alarm"]')).not.toBeNull();
  });
});

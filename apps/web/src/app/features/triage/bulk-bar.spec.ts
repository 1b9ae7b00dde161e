import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { CLIENT, Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import words from '../../en.json';
import type { TicketRow } from '../tickets/ticket';
import { aRow } from '../tickets/ticket-samples';
import { BulkBar } from './bulk-bar';

describe('What can be done with a selection', () => {
  let http: HttpTestingController;
  let bar: ComponentFixture<BulkBar>;
  let page: HTMLElement;

  const settles = async (): Promise<void> => {
    await bar.whenStable();
    bar.detectChanges();
  };
  const chosen = async (...tickets: TicketRow[]): Promise<void> => {
    bar = TestBed.createComponent(BulkBar);
    bar.componentRef.setInput('tickets', tickets);
    page = bar.nativeElement as HTMLElement;
    document.body.append(page);
    await settles();
  };
  const answers = async (path: string, data: unknown): Promise<unknown> => {
    const asked = await vi.waitFor(() => http.expectOne((request) => request.url.startsWith(path)));
    asked.flush({ data, error: null, traceId: 't' });
    await new Promise((resolve) => { setTimeout(resolve); });
    await settles();
    return asked.request.body;
  };
  const button = (name: string): HTMLButtonElement | undefined => [...page.querySelectorAll('button')].find(({ textContent }) => textContent.trim().startsWith(name));

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([]), provideCatalogue(words), { provide: CLIENT, useValue: 'staff' }],
    });
    http = TestBed.inject(HttpTestingController);
    const entering = TestBed.inject(Session).signIn('amara.okafor@brightwell.example.com', 'correct-horse-42');
    const user = { id: 'a', name: 'Amara Okafor', email: 'amara.okafor@brightwell.example.com', role: 'Coordinator', permissions: ['ai:use', 'tickets:triage'], lists: [] };
    const organisation = { id: 'b', name: 'Brightwell Lettings', kind: 'letting_agent' };
    http.expectOne('/auth/login').flush({ data: { accessToken: 't', expiresIn: 900, user, organisation }, error: null, traceId: 't' });
    await entering;
  });

  it('says beforehand how many suggestions it would confirm, and which it can not', async () => {
    await chosen(
      aRow({ id: '1', suggestion: 'ready' }), aRow({ id: '2', suggestion: 'ready', hasAlarm: true }), aRow({ id: '3', suggestion: 'alarm' }),
      aRow({ id: '4', suggestion: 'stale' }), aRow({ id: '5' }),
    );

    expect(button('Confirm 1 suggestion')).toBeDefined();
    expect(page.textContent).toContain('3 must be opened one by one.');
    expect(page.textContent).toContain('1 has no suggestion.');
  });

  it('chooses all that are shown where the list has no heading for that', async () => {
    await chosen(aRow());
    const before = page.querySelector('input');
    const asked: boolean[] = [];
    bar.componentInstance.allChosen.subscribe((all) => asked.push(all));
    bar.componentRef.setInput('choosesAll', false);
    await settles();

    const all = page.querySelector('input')!;
    const isSome = all.indeterminate;
    all.click();

    expect([before, isSome, asked]).toEqual([null, true, [true]]);
  });

  it('offers nothing to confirm where nothing is suggested', async () => {
    await chosen(aRow());

    expect(page.textContent).not.toContain('Confirm');
  });

  it('confirms each with the version that was seen, and says why the others were left', async () => {
    await chosen(aRow({ id: '1', suggestion: 'ready', version: 4 }), aRow({ id: '2', reference: 'T-10483', suggestion: 'ready', version: 7 }));
    const refusal = { code: 'changed-meanwhile', message: 'Somebody else changed this ticket meanwhile.' };

    button('Confirm 2 suggestions')!.click();
    const sent = await answers('/api/v1/ai-jobs/batch/acceptance', { done: 1, items: [{ ticketId: '1', refusal: null }, { ticketId: '2', refusal }] });

    expect(sent).toEqual({ tickets: [{ id: '1', version: 4 }, { id: '2', version: 7 }] });
    expect(page.textContent).toContain('1 suggestion confirmed');
    expect(document.activeElement?.textContent).toContain('1 suggestion confirmed');
    expect(page.textContent).toContain('Somebody else changed this ticket meanwhile. T-10483');
  });

  it('says what AI has found, and leads to it with alarms first', async () => {
    await chosen(aRow({ id: '1' }), aRow({ id: '2' }));

    button('AI triage')!.click();
    await answers('/api/v1/ai-jobs/batch', { done: 2, items: [], askedAt: '2026-11-23T09:00:00Z' });
    await answers('/api/v1/ai-jobs/batch', { askedAt: '2026-11-23T09:00:00Z', asked: 2, ended: 2, failed: 0, suggestions: 2, alarms: 1 });

    expect(page.textContent).toContain('2 suggestions, 1 alarm');
    expect(page.querySelector('a[href="/tickets?mark=suggestion&sort=alarm"]')).not.toBeNull();
  });
});

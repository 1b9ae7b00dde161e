import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { AiJobView, SuggestionView } from '@mu/shared/api/generated/models';
import { CLIENT, Session } from '@mu/shared/auth/session';
import { addWords, provideCatalogue } from '@mu/shared/i18n/catalogue';
import { Live } from '@mu/shared/live/live';
import { NEVER } from 'rxjs';
import words from '../../en.json';
import { Story } from '../tickets/story';
import type { Ticket } from '../tickets/ticket';
import { aTicket } from '../tickets/ticket-samples';
import { TicketStore } from '../tickets/ticket-store';
import ticketWords from '../tickets/en.json';
import triageWords from './en.json';
import { TriagePanel } from './triage-panel';

const SUGGESTION: SuggestionView = {
  category: { value: 'damp_mould', reason: 'Says “mould”' },
  trade: { value: 'damp_specialist', reason: 'The usual trade' },
  priority: { value: 'P2', reason: 'A child lives there' },
  hazardClass: { value: 'potential_significant', reason: 'Mould may harm' },
  safetyFlag: { value: false, reason: 'Nobody is in danger now' },
  missingQuestions: [],
};
const aJob = (differences: Partial<AiJobView> = {}): AiJobView => ({
  id: 'job', ticketId: aTicket().id, status: 'succeeded', createdAt: '2026-11-23T09:00:00Z', finishedAt: '2026-11-23T09:00:01Z', advisor: 'embedded',
  model: 'm', suggestion: SUGGESTION, failure: null, isStale: false, decidedAt: null, decidedBy: null, decision: null, ...differences,
});
const NEW: Ticket = aTicket({ allowedActions: ['triage', 'classify', 'plan', 'cancel'] });

describe('The triage of a ticket', () => {
  const put = vi.fn();
  let http: HttpTestingController;
  let panel: ComponentFixture<TriagePanel>;
  let page: HTMLElement;

  const settles = async (): Promise<void> => {
    await new Promise((resolve) => { setTimeout(resolve); });
    await panel.whenStable();
    panel.detectChanges();
  };
  const answers = async (ending: string, data: unknown, status = 200): Promise<unknown> => {
    const asked = await vi.waitFor(() => http.expectOne((request) => request.url.endsWith(ending)));
    if (status === 200) asked.flush({ data, error: null, traceId: 't' });
    else asked.flush({ data: null, error: data, traceId: 't' }, { status, statusText: 'No' });
    await settles();
    return asked.request.body;
  };
  const opens = async (ticket: Ticket, job: AiJobView | null): Promise<void> => {
    panel = TestBed.createComponent(TriagePanel);
    panel.componentRef.setInput('ticket', ticket);
    page = panel.nativeElement as HTMLElement;
    panel.detectChanges();
    await answers('/ai-job', { job });
  };
  const filled = (): string[] => [...page.querySelectorAll('#triage-body .mu-button-filled')].map(({ textContent }) => textContent.trim());
  const select = (name: string): HTMLSelectElement =>
    [...page.querySelectorAll('select')].find((one) => one.labels[0]?.textContent.trim() === name)!;
  const choose = async (name: string, value: string): Promise<void> => {
    select(name).value = value;
    select(name).dispatchEvent(new Event('change'));
    await settles();
  };
  const click = (name: string): void => {
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === name)!.click();
  };

  beforeEach(async () => {
    put.mockReset();
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(), provideHttpClientTesting(), provideRouter([]), provideCatalogue(words), { provide: CLIENT, useValue: 'staff' },
        { provide: Live, useValue: { events: NEVER } },
        { provide: Story, useValue: { refresh: () => Promise.resolve() } },
        { provide: TicketStore, useValue: { put, wanted: signal(null), want: vi.fn(), count: () => Promise.resolve() } },
      ],
    });
    TestBed.runInInjectionContext(() => { addWords({ triage: triageWords, tickets: ticketWords }); });
    http = TestBed.inject(HttpTestingController);
    const entering = TestBed.inject(Session).signIn('amara.okafor@brightwell.example.com', 'correct-horse-42');
    const user = { id: 'a', name: 'Amara Okafor', email: 'amara.okafor@brightwell.example.com', role: 'Coordinator', permissions: ['ai:use', 'tickets:triage'], lists: [] };
    const organisation = { id: 'b', name: 'Brightwell Lettings', kind: 'letting_agent' };
    http.expectOne('/auth/login').flush({ data: { accessToken: 't', expiresIn: 900, user, organisation }, error: null, traceId: 't' });
    await entering;
  });

  it('forgets a letter that was sent, and keeps one that was not', async () => {
    await opens({ ...NEW, allowedActions: ['request_info', 'cancel'] }, null);
    const writes = async (about: string, words: string): Promise<void> => {
      click(about);
      await settles();
      page.querySelector('textarea')!.value = words;
      page.querySelector('form')!.dispatchEvent(new Event('submit'));
      await settles();
    };
    await writes('Ask the tenant', 'Does the boiler show a code?');
    await answers('/question', { code: 'unavailable', message: 'Not now.' }, 503);
    expect(JSON.stringify(sessionStorage)).toContain('Does the boiler show a code?');

    page.querySelector('form')!.dispatchEvent(new Event('submit'));
    await settles();
    await answers('/question', { ...NEW, version: 2 });

    expect(JSON.stringify(sessionStorage)).not.toContain('Does the boiler show a code?');
  });

  it('asks no more after an advisor once it is left', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      panel = TestBed.createComponent(TriagePanel);
      panel.componentRef.setInput('ticket', NEW);
      panel.detectChanges();
      const asked = http.expectOne(({ url }) => url.endsWith('/ai-job'));

      panel.destroy();
      asked.flush({ data: { job: aJob({ status: 'running', suggestion: null }) }, error: null, traceId: 't' });
      await vi.advanceTimersByTimeAsync(60_000);

      http.expectNone(({ url }) => url.endsWith('/ai-job'));
    } finally {
      vi.useRealTimers();
    }
  });

  it('has one next best action, and it begins with looking', async () => {
    await opens(NEW, null);

    expect(filled()).toEqual(['Begin triage']);
    expect(select('Hazard').value).toBe('');
  });

  it('fills in what AI suggests, gives each reason, and applies nothing by itself', async () => {
    await opens(NEW, aJob());

    expect([select('Category').value, select('Priority').value, select('Hazard').value]).toEqual(['damp_mould', 'P2', 'potential_significant']);
    expect(page.textContent).toContain('A child lives there');
    expect(filled()).toEqual(['Accept']);
    http.expectNone(({ method }) => method === 'PUT');
  });

  it('sends what stands there when a person accepts it', async () => {
    await opens(NEW, aJob());
    await choose('Whose duty', 'landlord');

    click('Accept');
    const sent = await answers('/ai-jobs/job/decision', { ...NEW, version: 2 });

    expect(sent).toMatchObject({ classification: { category: 'damp_mould', trade: 'damp_specialist', priority: 'P2', hazardClass: 'potential_significant', responsibility: 'landlord' } });
    expect(put).toHaveBeenCalledWith(expect.objectContaining({ version: 2 }));
  });

  it('says when what is accepted is no longer what AI suggested', async () => {
    await opens(NEW, aJob());

    await choose('Priority', 'P4');

    expect(filled()).toEqual(['Accept with changes']);
  });

  it('keeps no classification without a thought about the hazard', async () => {
    await opens(NEW, null);
    await choose('Priority', 'P4');

    click('Save classification');
    await settles();

    expect(page.querySelector('[role=alert]')?.textContent).toContain('Choose the hazard first');
    http.expectNone(({ method }) => method === 'PUT');
  });

  it('shows the ticket that somebody else changed, and asks to look again', async () => {
    await opens(NEW, null);
    const current = { ...NEW, version: 5 };

    click('Begin triage');
    await answers('/triage', { code: 'changed-meanwhile', message: 'Changed.', current }, 412);

    expect(put).toHaveBeenCalledWith(current);
    expect(page.textContent).toContain('Somebody changed this ticket meanwhile.');
  });

  it('warns of a suggestion that the tenant has added to, and of danger now', async () => {
    await opens(NEW, aJob({ isStale: true, suggestion: { ...SUGGESTION, safetyFlag: { value: true, reason: 'It sparks' } } }));

    expect(page.textContent).toContain('The tenant has said more since this was suggested.');
    expect(page.textContent).toContain('It sparks');
  });

  const becomes = async (ticket: Ticket): Promise<void> => {
    panel.componentRef.setInput('ticket', ticket);
    await settles();
  };
  const THEIRS: Ticket = { ...NEW, version: 2, category: 'gas', priority: 'P1', hazardClass: 'potential_emergency' };

  it('saves nothing over what a colleague has decided meanwhile until somebody has seen it', async () => {
    await opens(NEW, null);
    await choose('Priority', 'P4');
    await choose('Hazard', 'none');

    await becomes(THEIRS);
    click('Save classification');
    await settles();

    expect(page.querySelector('[role=alert]')?.textContent).toContain('Your choices are not saved');
    http.expectNone(({ method }) => method === 'PUT');
  });

  it('writes the answer of one ticket into no other that has been opened meanwhile', async () => {
    await opens(NEW, null);
    await choose('Hazard', 'none');
    click('Save classification');
    const saving = await vi.waitFor(() => http.expectOne(({ url }) => url.endsWith('/classification')));
    const other: Ticket = { ...THEIRS, id: 'another' };
    panel.componentRef.setInput('ticket', other);
    await answers('/another/ai-job', { job: null });

    saving.flush({ data: { ...NEW, version: 2, hazardClass: 'none' }, error: null, traceId: 't' });
    await settles();

    expect([select('Category').value, select('Priority').value, select('Hazard').value]).toEqual(['gas', 'P1', 'potential_emergency']);
    expect(filled()).not.toContain('Save classification');
  });

  it('works on from what the colleague decided', async () => {
    await opens(NEW, null);
    await choose('Priority', 'P4');
    await becomes(THEIRS);

    click('Take theirs');
    await settles();

    expect([select('Category').value, select('Priority').value]).toEqual(['gas', 'P1']);
    expect(page.querySelector('[role=alert]')).toBeNull();
  });

  it('knowingly decides otherwise', async () => {
    await opens(NEW, null);
    await choose('Priority', 'P4');
    await choose('Hazard', 'none');
    await becomes(THEIRS);

    click('Keep mine');
    await settles();
    click('Save classification');

    expect(await answers('/classification', { ...THEIRS, version: 3 })).toMatchObject({ priority: 'P4', hazardClass: 'none' });
  });

  it('minds no news that leaves the classification as it was', async () => {
    await opens(NEW, null);
    await choose('Priority', 'P4');

    await becomes({ ...NEW, version: 2, title: 'Another title' });

    expect(select('Priority').value).toBe('P4');
    expect(page.querySelector('[role=alert]')).toBeNull();
  });

  it('takes a double click for one: another button stands there by the second', async () => {
    const approvable: Ticket = { ...NEW, allowedActions: ['classify', 'approve'] };
    await opens(approvable, null);
    await choose('Hazard', 'none');
    click('Save classification');
    await answers('/classification', { ...approvable, version: 2, hazardClass: 'none' });
    await becomes({ ...approvable, version: 2, hazardClass: 'none' });

    expect(filled()).toEqual(['Approve the repair']);
    click('Approve the repair');
    await settles();

    http.expectNone(({ url }) => url.endsWith('/approval'));
  });
});

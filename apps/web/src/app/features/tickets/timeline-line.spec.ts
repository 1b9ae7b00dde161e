import { TestBed } from '@angular/core/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import triage from '../triage/en.json';
import words from './en.json';
import type { Ticket, TimelineEvent } from './ticket';
import { aTicket, anEvent } from './ticket-samples';
import { TimelineLine } from './timeline-line';

const KATARZYNA = { id: 'k', name: 'Katarzyna Popescu', email: null, phone: null };
const PRIYA = { id: 'priya', name: 'Priya Raman' };

describe('A line of the story', () => {
  const read = (event: Partial<TimelineEvent>, ticket: Partial<Ticket> | null): string => {
    const line = TestBed.createComponent(TimelineLine);
    const whole = anEvent(event);
    line.componentRef.setInput('line', { id: whole.id, event: whole, ids: [whole.id] });
    line.componentRef.setInput('report', ticket && aTicket(ticket));
    line.detectChanges();
    return (line.nativeElement as HTMLElement).querySelector('p')?.textContent ?? '';
  };

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideCatalogue({ tickets: words, triage })] });
  });

  it('names who reported, and how', () => {
    expect(read({ kind: 'reported', actor: null }, { reporter: KATARZYNA, channel: 'phone' })).toBe('Katarzyna Popescu reported this by phone');
  });

  it('names whom of the staff a tenant told', () => {
    expect(read({ kind: 'reported', actor: PRIYA }, { reporter: KATARZYNA })).toBe('Priya Raman wrote this down for Katarzyna Popescu');
    expect(read({ kind: 'reported', actor: PRIYA }, { reporter: null })).toBe('Priya Raman took this report');
  });

  it('says at least how, when nobody is named', () => {
    expect(read({ kind: 'reported', actor: null }, { reporter: null, channel: 'email' })).toBe('This was reported by e-mail');
    expect(read({ kind: 'reported', actor: null }, null)).toBe('This was reported');
  });

  it('never says that a person of the staff is a way to report', () => {
    expect(read({ kind: 'reported', actor: null }, { reporter: KATARZYNA, channel: 'staff' })).toBe('A colleague wrote this down for Katarzyna Popescu');
  });

  it('tells every step of triage in a sentence', () => {
    const actor = PRIYA;
    const data = { category: 'damp_mould', priority: 'P2', hazardClass: 'potential_significant', to: 'potential_emergency', danger: 'gas_smell', reason: 'tenant_duty', decision: 'accepted_edited' };
    const kinds = [
      'danger_reported', 'danger_acknowledged', 'triage_begun', 'classified', 'hazard_raised', 'info_received', 'approved', 'next_step_planned',
      'home_found', 'photo_received', 'photo_ready', 'photo_refused', 'advice_asked', 'advice_given', 'advice_failed', 'advice_decided',
    ] as const;

    const told = kinds.map((kind) => read({ kind, actor, data }, null));

    expect(told.filter((sentence) => sentence === '' || sentence.includes('changed this ticket'))).toEqual([]);
    expect(told[3]).toBe('Priya Raman classified this: Damp and mould, Urgent, hazard: Perhaps significant');
    expect(told.at(-1)).toBe("Priya Raman accepted AI's suggestion with changes");
  });

  it('shows in full what a tenant and a colleague wrote to each other', () => {
    expect(read({ kind: 'tenant_wrote', actor: null, body: 'It is the small bedroom.' }, { reporter: KATARZYNA })).toBe('It is the small bedroom.');
    expect(read({ kind: 'tenant_asked', actor: PRIYA, body: 'Which room?' }, null)).toBe('Which room?');
  });
});

import { TestBed } from '@angular/core/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
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
    TestBed.configureTestingModule({ providers: [provideCatalogue({ tickets: words })] });
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
});

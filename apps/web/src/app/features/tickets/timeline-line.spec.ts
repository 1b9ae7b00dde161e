import { TestBed } from '@angular/core/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import triage from '../triage/en.json';
import words from './en.json';
import type { Ticket, TimelineEvent } from './ticket';
import { aTicket, anEvent } from './ticket-samples';
import { type Line, told } from './timeline';
import { TimelineLine } from './timeline-line';

const KATARZYNA = { id: 'k', name: 'Katarzyna Popescu', email: null, phone: null };
const PRIYA = { id: 'priya', name: 'Priya Raman' };

const onlyLine = (event: TimelineEvent): Line => {
  const [passage] = told([event]);
  if (passage?.is !== 'line') throw new Error('One event is one line');
  return passage.line;
};

describe('A line of the story', () => {
  const read = (event: Partial<TimelineEvent>, ticket: Partial<Ticket> | null): string => {
    const line = TestBed.createComponent(TimelineLine);
    const whole = anEvent(event);
    line.componentRef.setInput('line', onlyLine(whole));
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
    expect(read({ kind: 'reported', actor: null }, { reporter: { ...KATARZYNA, name: '' }, channel: 'portal' })).toBe('This was reported in the portal');
  });

  it('never says that a person of the staff is a way to report', () => {
    expect(read({ kind: 'reported', actor: null }, { reporter: KATARZYNA, channel: 'staff' })).toBe('A colleague wrote this down for Katarzyna Popescu');
  });

  it('tells every step of triage in a sentence', () => {
    const actor = PRIYA;
    const data = { category: 'damp_mould', priority: 'P2', hazardClass: 'potential_significant', to: 'potential_emergency', danger: 'gas_smell', reason: 'tenant_duty', decision: 'accepted_edited' };
    const kinds = [
      'danger_reported', 'danger_acknowledged', 'triage_begun', 'classified', 'hazard_raised', 'info_received', 'approved', 'next_step_planned',
      'home_found', 'contact_left', 'review_asked', 'advice_asked', 'advice_given', 'advice_failed', 'advice_decided',
    ] as const;

    const sentences = kinds.map((kind) => read({ kind, actor, data }, null));

    expect(sentences.filter((sentence) => sentence === '' || sentence.includes('changed this ticket'))).toEqual([]);
    expect(sentences[3]).toBe('Priya Raman classified this: Damp and mould, Urgent, hazard: Perhaps significant');
    expect(sentences.at(-1)).toBe("Priya Raman accepted AI's suggestion with changes");
  });

  it('shows in full what a tenant and a colleague wrote to each other', () => {
    expect(read({ kind: 'tenant_wrote', actor: null, body: 'It is the small bedroom.' }, { reporter: KATARZYNA })).toBe('It is the small bedroom.');
    expect(read({ kind: 'tenant_asked', actor: PRIYA, body: 'Which room?' }, null)).toBe('Which room?');
  });

  it('says whether advice or the words raised the hazard', () => {
    expect(read({ kind: 'hazard_raised', actor: null, data: { from: null, to: 'potential_emergency', aiJobId: 'job' } }, null)).toBe('AI raised the hazard: Perhaps an emergency');
    expect(read({ kind: 'hazard_raised', actor: null, data: { from: null, to: 'potential_emergency' } }, null)).toBe('The words sound dangerous. Hazard raised: Perhaps an emergency');
  });

  it('tells who added a photo, how far it is and why it is refused', () => {
    expect(read({ kind: 'photo_received', actor: null, data: { photoId: 'p' } }, null)).toBe('The tenant added a photo. It is being made ready');
    expect(read({ kind: 'photo_received', actor: PRIYA, data: { photoId: 'p' } }, null)).toContain('Priya Raman added a photo');
    expect(read({ kind: 'photo_refused', actor: null, data: { photoId: 'p', reason: 'damaged' } }, null)).toBe("Somebody added a photo that can't be shown: The file is damaged.");
  });

  it('leads to a photo that can be looked at', () => {
    const line = TestBed.createComponent(TimelineLine);
    const asked: string[] = [];
    line.componentRef.setInput('line', onlyLine(anEvent({ kind: 'photo_ready', actor: null, data: { photoId: 'p' } })));
    line.componentInstance.photo.subscribe((id) => asked.push(id));
    line.detectChanges();

    (line.nativeElement as HTMLElement).querySelector('button')?.click();

    expect(asked).toEqual(['p']);
  });
});

import { TestBed } from '@angular/core/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import app from '../../en.json';
import { ClassificationFields } from './classification-fields';
import { type Draft, NEW_DRAFT } from './draft';
import words from './en.json';

describe('What confirming a suggestion changes', () => {
  const told = (now: Draft, draft: Draft): string[] => {
    TestBed.configureTestingModule({ providers: [provideCatalogue({ ...app, triage: words })] });
    const fields = TestBed.createComponent(ClassificationFields);
    fields.componentRef.setInput('draft', draft);
    fields.componentRef.setInput('now', now);
    fields.detectChanges();
    const page = fields.nativeElement as HTMLElement;
    return [...page.querySelectorAll('select')].flatMap((field) => (field.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean).map((id) => page.querySelector(`#${id}`)?.textContent.trim() ?? '?'));
  };

  it('is said where it lowers the priority or the hazard', () => {
    const now: Draft = { ...NEW_DRAFT, priority: 'P1', hazardClass: 'potential_emergency' };

    expect(told(now, { ...now, priority: 'P2', hazardClass: 'none' })).toEqual(['Lowers it. Now: Emergency', 'Lowers it. Now: Perhaps an emergency']);
  });

  it('is said where it changes anything else', () => {
    const now: Draft = { ...NEW_DRAFT, priority: 'P3', trade: 'plumber' };

    expect(told(now, { ...now, priority: 'P1', trade: '' })).toEqual(['Now: Plumber', 'Now: Routine']);
  });

  it('is not said where nothing changes, nor of a hazard nobody has thought about', () => {
    expect(told(NEW_DRAFT, { ...NEW_DRAFT, hazardClass: 'potential_emergency' })).toEqual([]);
  });
});

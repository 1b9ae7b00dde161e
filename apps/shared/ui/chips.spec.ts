import { type Type, inputBinding } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { type ClockState, ClockStateChip } from './clock-state';
import { PRIORITIES, PriorityBadge } from './priority-badge';
import { StatusChip, TICKET_STATUSES } from './status-chip';

const rendered = (component: Type<unknown>, inputs: Record<string, unknown>): HTMLElement => {
  TestBed.configureTestingModule({ providers: [provideCatalogue({})] });
  const bindings = Object.entries(inputs).map(([name, value]) => inputBinding(name, () => value));
  const fixture = TestBed.createComponent(component, { bindings });
  fixture.detectChanges();
  return fixture.nativeElement as HTMLElement;
};

describe('colours never stand alone', () => {
  it.each(TICKET_STATUSES)('the state %s has a word and a drawing', (status) => {
    const chip = rendered(StatusChip, { status });

    expect(chip.textContent.trim()).not.toBe('');
    expect(chip.querySelector('path')?.getAttribute('d')).toBeTruthy();
  });

  it.each([...PRIORITIES, null])('the priority %s has a word and a drawing', (priority) => {
    const badge = rendered(PriorityBadge, { priority });

    expect(badge.textContent.trim()).not.toBe('');
    expect(badge.querySelector('path')?.getAttribute('d')).toBeTruthy();
  });

  it.each(['on-time', 'due-soon', 'overdue', 'paused'] satisfies ClockState[])('the clock %s has a word and a drawing', (state) => {
    const chip = rendered(ClockStateChip, { state });

    expect(chip.textContent.trim()).not.toBe('');
    expect(chip.querySelector('path')?.getAttribute('d')).toBeTruthy();
  });

  it('a clock may say how long', () => {
    expect(rendered(ClockStateChip, { state: 'due-soon', words: 'Make safe in 3 h 20 min' }).textContent.trim()).toBe('Make safe in 3 h 20 min');
  });

  it('only an emergency is filled', () => {
    const filled = PRIORITIES.filter((priority) => {
      TestBed.resetTestingModule();
      return rendered(PriorityBadge, { priority }).querySelector('.bg-emergency') !== null;
    });

    expect(filled).toEqual(['P1']);
  });
});

import { day, moment, relative, slot, wait } from './when';

const NOW = new Date('2026-11-23T09:30:00Z');

describe('times in words', () => {
  it('names a day of this year without the year', () => {
    expect(day('2026-11-24T10:00:00Z', NOW)).toBe('Tue 24 Nov');
    expect(day('2025-11-24T10:00:00Z', NOW)).toBe('Mon 24 Nov 2025');
  });

  it('shows the London clock in summer and in winter', () => {
    expect(moment('2026-07-01T09:00:00Z', NOW)).toBe('Wed 1 Jul, 10:00');
    expect(moment('2026-11-24T09:00:00Z', NOW)).toBe('Tue 24 Nov, 09:00');
  });

  it('gives the London day, not the UTC day, around a summer midnight', () => {
    expect(day('2026-06-30T23:30:00Z', NOW)).toBe('Wed 1 Jul');
  });

  it('writes a slot with one day, and with both when it crosses midnight', () => {
    expect(slot('2026-11-24T10:00:00Z', '2026-11-24T12:00:00Z', NOW)).toBe('Tue 24 Nov, 10:00–12:00');
    expect(slot('2026-11-24T22:00:00Z', '2026-11-25T02:00:00Z', NOW)).toBe('Tue 24 Nov, 22:00–Wed 25 Nov, 02:00');
  });

  it.each([
    ['2026-11-23T09:30:20Z', 'now'],
    ['2026-11-23T09:10:00Z', '20 minutes ago'],
    ['2026-11-23T12:45:00Z', 'in 3 hours'],
    ['2026-11-22T23:55:00Z', 'yesterday'],
    ['2026-11-24T20:00:00Z', 'tomorrow'],
    ['2026-11-26T08:00:00Z', 'in 3 days'],
    ['2026-11-12T08:00:00Z', '11 days ago'],
    ['2026-10-20T08:00:00Z', '4 weeks ago'],
    ['2026-05-20T08:00:00Z', '6 months ago'],
    ['2024-05-20T08:00:00Z', '2 years ago'],
  ])('says %s as "%s"', (instant, words) => {
    expect(relative(instant, NOW)).toBe(words);
  });

  it('rounds a wait up', () => {
    expect(wait(0.4)).toBe('1 second');
    expect(wait(61)).toBe('61 seconds');
    expect(wait(200)).toBe('4 minutes');
  });
});

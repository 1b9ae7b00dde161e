import { endOfDay, startOfDay } from './london-day';

describe('A day in London', () => {
  it.each([
    ['2026-11-23', '2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
    ['2026-07-01', '2026-06-30T23:00:00.000Z', '2026-07-01T23:00:00.000Z'],
    ['2026-03-29', '2026-03-29T00:00:00.000Z', '2026-03-29T23:00:00.000Z'],
    ['2026-10-25', '2026-10-24T23:00:00.000Z', '2026-10-26T00:00:00.000Z'],
  ])('%s begins and ends with the clock there', (day, begins, ends) => {
    expect([startOfDay(day), endOfDay(day)]).toEqual([begins, ends]);
  });

  it.each([undefined, '', 'yesterday', '2026-13-45'])('%s is no day', (day) => {
    expect(startOfDay(day)).toBeUndefined();
  });
});

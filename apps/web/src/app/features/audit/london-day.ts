/** A day that somebody chose, as the instants at which it begins and ends in London; nothing for no day. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', hourCycle: 'h23' });

export function startOfDay(day: string | undefined): string | undefined {
  if (day === undefined || !DAY.test(day)) return undefined;
  const utc = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(utc.getTime())) return undefined;
  // In summer it is one o'clock in London by then: the day began an hour before.
  return new Date(utc.getTime() - Number(CLOCK.format(utc)) * 3_600_000).toISOString();
}

export function endOfDay(day: string | undefined): string | undefined {
  if (day === undefined || !DAY.test(day)) return undefined;
  const next = new Date(`${day}T12:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return Number.isNaN(next.getTime()) ? undefined : startOfDay(next.toISOString().slice(0, 10));
}

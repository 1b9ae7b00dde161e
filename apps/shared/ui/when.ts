/** Instants in the words of a reader in the United Kingdom: always the London clock, whatever the device says. */

export type Instant = string | Date;

const ZONE = 'Europe/London';
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DATE = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
const TIME = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const CALENDAR_DAY = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' });
const RELATIVE = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });

/** "2026-11-24": the day in London, as dates come from the server. */
export function calendarDay(instant: Instant): string {
  return CALENDAR_DAY.format(new Date(instant));
}

/** "Tue 24 Nov", with the year when it isn't this one. */
export function day(instant: Instant, now: Date): string {
  const parts = partsOf(DATE, instant);
  const words = [parts.weekday, parts.day, parts.month].join(' ');
  return parts.year === partsOf(DATE, now).year ? words : `${words} ${parts.year ?? ''}`;
}

/** "10:00". */
export function time(instant: Instant): string {
  return TIME.format(new Date(instant));
}

/** "Tue 24 Nov, 10:00". */
export function moment(instant: Instant, now: Date): string {
  return `${day(instant, now)}, ${time(instant)}`;
}

/** "10:02" today, "Fri 20 Nov, 10:02" on any other day. */
export function shortMoment(instant: Instant, now: Date): string {
  return day(instant, now) === day(now, now) ? time(instant) : moment(instant, now);
}

/** "Tue 24 Nov, 10:00–12:00"; a slot over midnight names both days. */
export function slot(from: Instant, to: Instant, now: Date): string {
  const sameDay = calendarDay(from) === calendarDay(to);
  return `${moment(from, now)}–${sameDay ? time(to) : moment(to, now)}`;
}

/** "in 3 days", "2 hours ago", "yesterday". Days are the London calendar's, not blocks of 24 hours. */
export function relative(instant: Instant, now: Date): string {
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1000;
  const distance = Math.abs(seconds);
  if (distance < MINUTE) return RELATIVE.format(0, 'second');
  if (distance < HOUR) return RELATIVE.format(Math.trunc(seconds / MINUTE), 'minute');

  const days = (Date.parse(calendarDay(instant)) - Date.parse(calendarDay(now))) / (DAY * 1000);
  if (days === 0 || distance < 6 * HOUR) return RELATIVE.format(Math.trunc(seconds / HOUR), 'hour');
  if (Math.abs(days) < 14) return RELATIVE.format(days, 'day');
  if (Math.abs(days) < 60) return RELATIVE.format(Math.trunc(days / 7), 'week');
  if (Math.abs(days) < 365) return RELATIVE.format(Math.trunc(days / 30.4), 'month');
  return RELATIVE.format(Math.trunc(days / 365.25), 'year');
}

/** "40 seconds", "4 minutes": how long to wait, rounded up. */
export function wait(seconds: number): string {
  const [amount, unit] = seconds < 90 ? [Math.ceil(seconds), 'second'] : [Math.ceil(seconds / MINUTE), 'minute'];
  return new Intl.NumberFormat('en-GB', { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}


function partsOf(format: Intl.DateTimeFormat, instant: Instant): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
  return Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
}

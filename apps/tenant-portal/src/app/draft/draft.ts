import type { Fault, NewReport, Picker } from '../api/shapes';

/** Says that the tenant was asked and is in none of the dangers. */
export const NO_DANGER = 'none';
/** A room or fault that the picker doesn't have. */
export const OTHER = 'other';

export const LONGEST_WORDS = 20_000;
export const LONGEST_NOTES = 2_000;
export const TIMES = ['weekday-am', 'weekday-pm', 'weekday-evening', 'saturday', 'sunday'] as const;

/** For so long, in milliseconds, the phone keeps what somebody began to write. */
export const WEEK = 7 * 24 * 3_600_000;

/** What a report that has arrived leaves on the phone. */
export interface Receipt {
  readonly reference: string;
  readonly statusToken: string;
  /** Whether there was an address to send the link to. */
  readonly isMailed: boolean;
  /** Whether somebody can call back. */
  readonly hasPhone: boolean;
  /** The danger that its words sounded like, until the tenant has said whether it is one. */
  readonly soundsLike: string | null;
  /** Whether a danger reaches anybody who isn't at a desk. */
  readonly isSomebodyOnCall: boolean;
}

/** What a report that has arrived need not leave on a phone that others may pick up. */
export const SAID_ELSEWHERE = { answers: {}, words: '', accessNotes: '', times: [], name: '', email: '', phone: '' } as const;

/** One report on its way from the first question to the landlord, as it is kept on the phone. */
export interface Draft {
  /** Made once, with the draft: whatever is sent twice is one report. */
  readonly submissionKey: string;
  /** The code of the home's poster, or `VISIT`. */
  readonly link: string;
  readonly changed: number;
  readonly state: 'writing' | 'queued' | 'sent';
  /** A danger's key, `NO_DANGER`, or null while it has not been asked. */
  readonly danger: string | null;
  readonly room: string | null;
  readonly fault: string | null;
  readonly answers: Readonly<Record<string, string>>;
  readonly words: string;
  readonly mayEnterWithoutMe: boolean | null;
  readonly accessNotes: string;
  readonly times: readonly string[];
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  /** The page that was open last. */
  readonly step: string;
  readonly title: string | null;
  readonly sent: Receipt | null;
}

export function newDraft(link: string, now: number): Draft {
  return {
    submissionKey: crypto.randomUUID(),
    link,
    changed: now,
    state: 'writing',
    danger: null,
    room: null,
    fault: null,
    answers: {},
    words: '',
    mayEnterWithoutMe: null,
    accessNotes: '',
    times: [],
    name: '',
    email: '',
    phone: '',
    step: 'danger',
    title: null,
    sent: null,
  };
}

/** A draft nobody touched for a week is thrown away; one that waits to be sent never is. */
export function expired(draft: Draft, now: number): boolean {
  return draft.state !== 'queued' && now - draft.changed > WEEK;
}

/** Whether there is something in it that a person would miss. */
export function begun(draft: Draft): boolean {
  return draft.state === 'writing' && (draft.room !== null || draft.words !== '');
}

/** Whether the danger page was left by choosing a danger. */
export function inDanger(draft: Draft): boolean {
  return draft.danger !== null && draft.danger !== NO_DANGER;
}

export function faultOf(draft: Draft, picker: Picker | null): Fault | null {
  const room = picker?.rooms.find(({ key }) => key === draft.room);
  return room?.faults.find(({ key }) => key === draft.fault) ?? null;
}

/** The pages of a report in their order; each is the last part of its address. */
export function stepsOf(fault: Fault | null): string[] {
  return ['danger', 'where', 'what', ...(fault?.questions ?? []).map(({ key }) => `ask-${key}`), 'words', 'photos', 'access', 'contact', 'check'];
}

/** The earliest page without which the asked-for one makes no sense; the asked-for one when nothing is missing. */
export function reachable(step: string, draft: Draft, fault: Fault | null): string {
  const steps = stepsOf(fault);
  const asked = steps.indexOf(step);
  if (asked < 0) return 'words';
  const missing = steps.find((one) => (one === 'danger' && !draft.danger) || (one === 'where' && !draft.room) || (one === 'what' && !draft.fault));
  return missing && steps.indexOf(missing) < asked ? missing : step;
}

export function isEmail(typed: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed);
}

/** Whether there is something to dial in it: seven digits of any script. */
export function isPhone(typed: string): boolean {
  return typed.replace(/\P{Nd}/gu, '').length >= 7;
}

/** The report as the API takes it. A danger is never turned down for half an address somebody began to type earlier. */
export function asReport(draft: Draft): NewReport {
  const danger = inDanger(draft) ? draft.danger : null;
  const email = danger && !isEmail(draft.email.trim()) ? '' : draft.email;
  const phone = danger && !isPhone(draft.phone) ? '' : draft.phone;
  const given = [draft.name, email, phone].some((one) => one.trim() !== '');
  return {
    submissionKey: draft.submissionKey,
    danger,
    room: known(draft.room),
    fault: known(draft.fault),
    answers: draft.answers,
    description: draft.words.trim(),
    access: { mayEnterWithoutMe: draft.mayEnterWithoutMe, notes: orNull(draft.accessNotes), times: draft.times },
    contact: given ? { name: orNull(draft.name), email: orNull(email), phone: orNull(phone) } : null,
    language: 'en',
  };
}

/** How long the server counts words to be: in characters of Unicode, of which an emoji may be one or several. */
export function lengthOf(words: string): number {
  return Array.from(words).length;
}

/** Something else has no key. */
function known(key: string | null): string | null {
  return key === OTHER ? null : key;
}

function orNull(text: string): string | null {
  return text.trim() || null;
}

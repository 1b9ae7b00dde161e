import type { IconName } from '@mu/icons';
import type { TimelineEvent } from './ticket';

export type MessageState = 'promised' | 'sent' | 'failed' | 'unknown';

export type PhotoState = 'received' | 'ready' | 'refused';

/** A line of the story: an event, or all events of one message or photo as one line. */
export interface Line {
  readonly id: string;
  readonly event: TimelineEvent;
  /** How far a message has come, and since when. */
  readonly message?: { readonly state: MessageState; readonly at: string; readonly template: string; readonly channel: string; readonly reason: string | null };
  /** How far a photo has come. */
  readonly photo?: { readonly id: string; readonly state: PhotoState; readonly reason: string | null };
  /** Every event that this line tells. */
  readonly ids: readonly string[];
}

/** What is read in one go: a line, or several dull ones behind a summary. */
export type Passage = { readonly is: 'line'; readonly line: Line } | { readonly is: 'folded'; readonly id: string; readonly lines: readonly Line[] };

const MESSAGE: Readonly<Record<string, MessageState>> = { message_promised: 'promised', message_sent: 'sent', message_failed: 'failed', message_unknown: 'unknown' };
const PHOTO: Readonly<Record<string, PhotoState>> = { photo_received: 'received', photo_ready: 'ready', photo_refused: 'refused' };
const DULL = new Set(['priority_changed', 'owner_changed', 'triage_begun', 'advice_asked', 'advice_given', 'message_promised', 'message_sent']);
const SHORTEST_FOLD = 4;

/** Turns events (oldest first) into what a person reads: messages as one line each, long dull runs folded but for their last. */
export function told(events: readonly TimelineEvent[]): readonly Passage[] {
  const passages: Passage[] = [];
  let run: Line[] = [];
  const finish = (): void => {
    const last = run.at(-1);
    if (last && run.length >= SHORTEST_FOLD) {
      passages.push({ is: 'folded', id: `before-${last.id}`, lines: run.slice(0, -1) }, { is: 'line', line: last });
    } else {
      passages.push(...run.map((line): Passage => ({ is: 'line', line })));
    }
    run = [];
  };
  for (const line of lines(events)) {
    if (isDull(line)) {
      run.push(line);
      continue;
    }
    finish();
    passages.push({ is: 'line', line });
  }
  finish();
  return passages;
}

/** Each message stands where it was promised, each photo where it arrived, with the last that is known about it. */
function lines(events: readonly TimelineEvent[]): readonly Line[] {
  const all: Line[] = [];
  const known = new Map<string, number>();
  for (const event of events) {
    const photo = PHOTO[event.kind];
    const photoId = text(event, 'photoId');
    if (photo !== undefined && photoId !== null) {
      const index = known.get(photoId) ?? all.length;
      const before = all[index];
      known.set(photoId, index);
      all[index] = {
        id: before?.id ?? event.id,
        event: before?.event ?? event,
        ids: [...(before?.ids ?? []), event.id],
        photo: { id: photoId, state: photo, reason: text(event, 'reason') },
      };
      continue;
    }
    const state = MESSAGE[event.kind];
    const messageId: unknown = event.data['messageId'];
    if (state === undefined || typeof messageId !== 'string') {
      all.push({ id: event.id, event, ids: [event.id] });
      continue;
    }
    const index = known.get(messageId) ?? all.length;
    const before = all[index];
    known.set(messageId, index);
    all[index] = {
      id: before?.id ?? event.id,
      event: before?.event ?? event,
      ids: [...(before?.ids ?? []), event.id],
      message: { state, at: event.occurredAt, template: text(event, 'template') ?? before?.message?.template ?? '', channel: text(event, 'channel') ?? '', reason: text(event, 'reason') },
    };
  }
  return all;
}

/** Photos that came as they should are seen over the story already. */
function isDull({ event, message, photo }: Line): boolean {
  if (photo) return photo.state !== 'refused';
  return message ? DULL.has(`message_${message.state}`) : DULL.has(event.kind);
}

function text({ data }: TimelineEvent, key: string): string | null {
  const value: unknown = data[key];
  return typeof value === 'string' ? value : null;
}

export function iconOf({ event, message, photo }: Line): IconName {
  if (photo) return photo.state === 'refused' ? 'image-off' : 'image';
  if (message) return ({ promised: 'send', sent: 'mail-check', failed: 'mail-x', unknown: 'mail-x' } as const)[message.state];
  return ({ reported: 'ticket', commented: 'message', priority_changed: 'flag', owner_changed: 'user', danger_reported: 'siren', danger_acknowledged: 'check-circle', triage_begun: 'play', classified: 'flag', hazard_raised: 'alert', hazard_lowered: 'shield', tenant_asked: 'help', tenant_wrote: 'message', info_received: 'check', approved: 'thumbs-up', rejected: 'x-circle', cancelled: 'ban', next_step_planned: 'calendar', home_found: 'home', contact_left: 'phone', review_asked: 'undo' } as Record<string, IconName>)[event.kind] ?? 'info';
}

import type { TimelineEvent } from './ticket';
import { anEvent } from './ticket-samples';
import { type Passage, told } from './timeline';

const message = (id: string, kind: TimelineEvent['kind'], messageId: string) =>
  anEvent({ id, kind, actor: null, occurredAt: `2026-11-23T10:0${id.slice(-1)}:00Z`, data: { messageId, channel: 'email', template: 'ticket-acknowledgement' } });
const shown = (passages: readonly Passage[]): string =>
  passages.map((passage) => (passage.is === 'line' ? passage.line.id : `[${passage.lines.map(({ id }) => id).join(' ')}]`)).join(' ');

describe('The story of a ticket', () => {
  it('tells the promise and the sending of one message in one line, where it was promised', () => {
    const passages = told([message('m1', 'message_promised', 'a'), anEvent({ id: 'note' }), message('m2', 'message_sent', 'a')]);

    expect(shown(passages)).toBe('m1 note');
    expect(passages[0]).toMatchObject({ line: { ids: ['m1', 'm2'], message: { state: 'sent', at: '2026-11-23T10:02:00Z', template: 'ticket-acknowledgement' } } });
  });

  it('tells the arrival and the readiness of one photo in one line, where it arrived', () => {
    const passages = told([
      anEvent({ id: 'p1', kind: 'photo_received', actor: null, data: { photoId: 'a' } }), anEvent({ id: 'note' }),
      anEvent({ id: 'p2', kind: 'photo_ready', actor: null, data: { photoId: 'a' } }),
    ]);

    expect(shown(passages)).toBe('p1 note');
    expect(passages[0]).toMatchObject({ line: { ids: ['p1', 'p2'], photo: { id: 'a', state: 'ready' } } });
  });

  it('keeps two messages apart', () => {
    const passages = told([message('m1', 'message_promised', 'a'), message('m2', 'message_promised', 'b'), message('m3', 'message_sent', 'b')]);

    expect(passages).toMatchObject([{ line: { message: { state: 'promised' } } }, { line: { message: { state: 'sent' } } }]);
  });

  it('shows a message whose promise is on an earlier page', () => {
    expect(told([message('m2', 'message_sent', 'a')])).toMatchObject([{ line: { id: 'm2', message: { state: 'sent' } } }]);
  });

  it('folds a long run of dull events but for its last', () => {
    const dull = ['1', '2', '3', '4'].map((id) => anEvent({ id, kind: 'priority_changed' }));

    expect(shown(told([anEvent({ id: 'n' }), ...dull, anEvent({ id: 'm' })]))).toBe('n [1 2 3] 4 m');
    expect(shown(told(dull.slice(1)))).toBe('2 3 4');
  });

  it('never folds what a person wrote or what went wrong', () => {
    const events = ['1', '2', '3', '4', '5'].map((id) => anEvent({ id, kind: id === '3' ? 'message_failed' : 'owner_changed', data: { messageId: 'x' } }));

    expect(shown(told(events))).toBe('1 2 3 4 5');
  });

  it('shows an event of a kind it does not know yet', () => {
    expect(shown(told([anEvent({ id: 'x', kind: 'visit_booked' as TimelineEvent['kind'] })]))).toBe('x');
  });
});

import { EventStreamReader } from './server-events';

const STREAM = ': beat\n\nid: 41\nevent: ticket-changed\ndata: {"ticketId":"a"}\n\nid: 42\nevent: resync\ndata\n\n';

describe('An event stream', () => {
  it('gives its events in order and skips the heartbeat', () => {
    const reader = new EventStreamReader();

    const events = reader.read(STREAM);

    expect(events).toEqual([
      { event: 'ticket-changed', data: '{"ticketId":"a"}' },
      { event: 'resync', data: '' },
    ]);
    expect(reader.lastEventId).toBe('42');
  });

  it('reads the same wherever a piece ends', () => {
    const whole = new EventStreamReader().read(STREAM);

    for (let cut = 0; cut <= STREAM.length; cut += 1) {
      const reader = new EventStreamReader();
      expect([...reader.read(STREAM.slice(0, cut)), ...reader.read(STREAM.slice(cut))]).toEqual(whole);
    }
  });

  it.each(['\r\n', '\r', '\n'])('knows all three ends of a line (%j), also when one is cut in two', (end) => {
    const text = STREAM.replaceAll('\n', end) + ':';
    const reader = new EventStreamReader();

    const events = Array.from(text).flatMap((letter) => reader.read(letter));

    expect(events).toHaveLength(2);
  });

  it('joins several lines of data', () => {
    expect(new EventStreamReader().read('data: one\ndata:two\n\n')).toEqual([{ event: 'message', data: 'one\ntwo' }]);
  });

  it('does not count an event that was never finished', () => {
    const reader = new EventStreamReader();

    const events = reader.read('id: 7\nevent: ticket-changed\ndata: {}\n');

    expect(events).toEqual([]);
    expect(reader.lastEventId).toBeNull();
  });

  it('keeps an id that comes without an event', () => {
    const reader = new EventStreamReader();

    reader.read('id: 99\n\n');

    expect(reader.lastEventId).toBe('99');
  });
});

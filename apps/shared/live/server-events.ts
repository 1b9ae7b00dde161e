/** One event of a `text/event-stream` (WHATWG HTML, "Server-sent events"). */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Reads an event stream in the pieces in which it arrives. A piece may end anywhere, even inside a line;
 * comments (the server's heartbeat) give nothing, an event without data neither.
 */
export class EventStreamReader {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id: string | null = null;
  private last: string | null = null;
  private started = false;

  /** The id to resume after; it may come alone, without an event. */
  get lastEventId(): string | null {
    return this.last;
  }

  read(piece: string): ServerEvent[] {
    const text = this.rest + (this.started ? piece : piece.replace(/^\uFEFF/, ''));
    this.started ||= piece !== '';
    // A lone CR at the very end may be the first half of CRLF.
    const complete = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = complete.split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? '') + text.slice(complete.length);
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): ServerEvent[] {
    if (line === '') return this.dispatched();
    const colon = line.indexOf(':');
    if (colon === 0) return [];
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    return [];
  }

  private dispatched(): ServerEvent[] {
    const { event, data } = this;
    this.last = this.id;
    this.event = '';
    this.data = [];
    return data.length || event ? [{ event: event || 'message', data: data.join('\n') }] : [];
  }
}

import { TestBed } from '@angular/core/testing';
import { Toasts, UNDO_TIME } from './toasts';

describe('Toasts', () => {
  let toasts: Toasts;
  const texts = () => toasts.all().map(({ text }) => text);

  beforeEach(() => {
    vi.useFakeTimers();
    toasts = TestBed.inject(Toasts);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('can be undone for eight seconds', () => {
    const undo = vi.fn();
    toasts.show('Owner changed', undo);

    vi.advanceTimersByTime(UNDO_TIME - 1);
    expect(texts()).toEqual(['Owner changed']);
    vi.advanceTimersByTime(1);

    expect(texts()).toEqual([]);
    expect(undo).not.toHaveBeenCalled();
  });

  it('undoes once and is gone', () => {
    const undo = vi.fn();
    toasts.show('Owner changed', undo);
    const [toast] = toasts.all();

    if (toast) toasts.act(toast);

    expect(undo).toHaveBeenCalledOnce();
    expect(texts()).toEqual([]);
  });

  it('stays while somebody holds it', () => {
    toasts.show('T-10482 copied');
    const [toast] = toasts.all();

    if (toast) toasts.hold(toast);
    vi.advanceTimersByTime(60_000);
    expect(texts()).toEqual(['T-10482 copied']);

    if (toast) toasts.resume(toast);
    vi.advanceTimersByTime(60_000);
    expect(texts()).toEqual([]);
  });

  it('keeps an offer until it is taken or dismissed', () => {
    const run = vi.fn();
    toasts.offer('A newer version is ready', { words: 'ui.reload', run });

    vi.advanceTimersByTime(3_600_000);
    const [toast] = toasts.all();
    if (toast) toasts.act(toast);

    expect(run).toHaveBeenCalledOnce();
    expect(texts()).toEqual([]);
  });

  it('shows the newest three', () => {
    for (const text of ['one', 'two', 'three', 'four']) toasts.show(text);

    expect(texts()).toEqual(['two', 'three', 'four']);
  });
});

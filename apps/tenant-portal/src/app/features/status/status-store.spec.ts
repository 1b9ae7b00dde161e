import { TestBed } from '@angular/core/testing';
import { TenantApi } from '../../api/tenant-api';
import { Keep } from '../../draft/keep';
import { FakeApi, FakeKeep, STATUS } from '../../samples';
import { StatusStore } from './status-store';

/** Somebody who looks at their report; each answer comes when it is let through. */
function looking() {
  const waiting: (() => void)[] = [];
  const status = vi.fn(() => new Promise((resolve) => waiting.push(() => { resolve(STATUS); })));
  const api = Object.assign(new FakeApi(), { status });
  TestBed.configureTestingModule({ providers: [StatusStore, { provide: TenantApi, useValue: api }, { provide: Keep, useValue: new FakeKeep() }] });
  const store = TestBed.inject(StatusStore);
  const answer = async (): Promise<void> => {
    waiting.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { answer, status, store };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('asks again while somebody looks', async () => {
  const { answer, status, store } = looking();
  void store.open('token');

  await answer();
  await vi.runOnlyPendingTimersAsync();

  expect(status).toHaveBeenCalledTimes(2);
});

it('asks nothing more once its page is left, although an answer was still on its way', async () => {
  const { answer, status, store } = looking();
  void store.open('token');

  TestBed.resetTestingModule();
  await answer();

  expect(vi.getTimerCount()).toBe(0);
  expect(status).toHaveBeenCalledOnce();
});

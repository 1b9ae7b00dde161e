import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Api } from '@mu/shared/api/api';
import { ApiFailure } from '@mu/shared/api/failure';
import { extendPrivacyRequest } from '@mu/shared/api/generated/fn/privacy/extend-privacy-request';
import { listPrivacyRequests } from '@mu/shared/api/generated/fn/privacy/list-privacy-requests';
import { receivePrivacyRequest } from '@mu/shared/api/generated/fn/privacy/receive-privacy-request';
import { searchAnywhere } from '@mu/shared/api/generated/fn/search/search-anywhere';
import type { PrivacyRequestView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import privacy from './en.json';
import { PrivacyPage } from './privacy-page';

const request = { id: 'r', personId: 'p', personName: 'Rose Adeyemi-Clarke', kind: 'access', status: 'open', receivedOn: '2026-11-02', dueOn: '2026-12-02', extendedBecause: null, refusedBecause: null, closedAt: null, isHeld: false, version: 1 } as PrivacyRequestView;

describe('Requests about personal data', () => {
  let fixture: ComponentFixture<PrivacyPage>;
  let page: HTMLElement;
  let calls: [unknown, Record<string, unknown>][];
  let refusals: ApiFailure[];
  let people: unknown[];

  const call = (operation: unknown, params: Record<string, unknown>): Promise<unknown> => {
    if (operation === listPrivacyRequests) return refusals.length ? Promise.reject(refusals.shift()!) : Promise.resolve({ items: [request] });
    if (operation === searchAnywhere) return Promise.resolve({ people });
    calls.push([operation, params]);
    return refusals.length ? Promise.reject(refusals.shift()!) : Promise.resolve({ items: [request] });
  };
  const settled = async (): Promise<void> => { await fixture.whenStable(); await fixture.whenStable(); };
  const press = async (words: string): Promise<void> => {
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.includes(words))!.click();
    await settled();
  };
  const begin = async (): Promise<void> => {
    TestBed.configureTestingModule({ providers: [provideCatalogue({ privacy }), provideRouter([]), { provide: Api, useValue: { call } }, { provide: Session, useValue: { can: () => true } }] });
    fixture = TestBed.createComponent(PrivacyPage);
    page = fixture.nativeElement as HTMLElement;
    await settled();
  };
  const seek = async (): Promise<HTMLInputElement> => {
    const who = page.querySelector<HTMLInputElement>('[role=combobox]')!;
    who.value = 'rose';
    who.dispatchEvent(new Event('input'));
    await vi.waitFor(() => { expect(who.getAttribute('aria-expanded')).toBe('true'); });
    return who;
  };
  const key = async (who: HTMLElement, name: string): Promise<void> => {
    who.dispatchEvent(new KeyboardEvent('keydown', { key: name, cancelable: true }));
    await settled();
  };

  beforeEach(() => {
    calls = [];
    refusals = [];
    people = [{ id: 'p', name: 'Rose Adeyemi-Clarke', home: null }, { id: 'q', name: 'Rose Whitaker', home: null }];
    HTMLDialogElement.prototype.showModal = function () { this.open = true; };
    HTMLDialogElement.prototype.close = function () { this.open = false; this.dispatchEvent(new Event('close')); };
  });

  it('keep the reason that somebody wrote when a colleague was quicker, and are asked of the request as it is now', async () => {
    await begin();
    await press('Take two more months');
    const because = page.querySelector('textarea')!;
    because.value = 'Twelve years of letters.';
    because.dispatchEvent(new Event('input'));
    refusals = [new ApiFailure('changed-meanwhile', '', 412, null, {}, { current: { items: [{ ...request, version: 5 }] } })];

    const submit = (): void => { page.querySelector('dialog form')!.dispatchEvent(new Event('submit')); };
    submit();
    await settled();
    expect(because.value).toBe('Twelve years of letters.');
    submit();
    await settled();

    expect(calls.map(([operation, params]) => [operation, params['if-match']])).toEqual([[extendPrivacyRequest, '"v1"'], [extendPrivacyRequest, '"v5"']]);
    expect(page.querySelector('dialog')).toBeNull();
  });

  it('keep the person who asks until the request is written down', async () => {
    await begin();
    const who = await seek();
    await key(who, 'Enter');
    refusals = [new ApiFailure('unreachable', '', 0)];

    page.querySelector('form')!.dispatchEvent(new Event('submit'));
    await settled();

    expect(calls[0]![0]).toBe(receivePrivacyRequest);
    expect(who.value).toBe('Rose Adeyemi-Clarke');
  });

  it('find whoever asks by keys alone, and tell of it', async () => {
    await begin();
    const who = await seek();
    expect(page.querySelector(`#${who.getAttribute('aria-activedescendant')!}`)!.textContent).toContain('Adeyemi');

    await key(who, 'ArrowDown');
    expect(page.querySelector('[aria-selected=true]')!.textContent).toContain('Whitaker');
    await key(who, 'Escape');
    expect(who.getAttribute('aria-expanded')).toBe('false');

    people = [];
    await seek();
    expect(page.querySelector('[role=status]')!.textContent).toContain('Nobody of that name');
  });

  it('are not said to be none when they could not be loaded', async () => {
    refusals = [new ApiFailure('unreachable', '', 0)];
    await begin();
    expect(page.textContent).not.toContain('Nobody has asked');

    await press('Try again');

    expect(page.textContent).toContain('Rose Adeyemi-Clarke');
  });
});

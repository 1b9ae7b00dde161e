import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { CLIENT, Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import words from '../en.json';
import { Shell } from './shell';

@Component({ selector: 'mu-any-page', template: '' })
class AnyPage {}

describe('Shell', () => {
  let harness: RouterTestingHarness;
  let page: HTMLElement;

  const enter = async (permissions: string[], address = '/tickets'): Promise<void> => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([
          { path: 'sign-in', component: AnyPage },
          { path: '', component: Shell, children: [{ path: '**', component: AnyPage }] },
        ]),
        provideCatalogue(words),
        { provide: CLIENT, useValue: 'staff' },
      ],
    });
    const entering = TestBed.inject(Session).signIn('amara.okafor@brightwell.example.com', 'correct-horse-42');
    const user = { id: 'a', name: 'Amara Okafor', email: 'amara.okafor@brightwell.example.com', role: 'OrgAdmin', permissions };
    const organisation = { id: 'b', name: 'Brightwell Lettings', kind: 'letting_agent' };
    const data = { accessToken: 't', expiresIn: 900, user, organisation };
    TestBed.inject(HttpTestingController).expectOne('/auth/login').flush({ data, error: null, traceId: 't' });
    await entering;
    harness = await RouterTestingHarness.create(address);
    page = harness.fixture.nativeElement as HTMLElement;
  };
  const url = (): string => TestBed.inject(Router).url;
  const press = async (key: string, modifiers: KeyboardEventInit = {}): Promise<void> => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...modifiers }));
    await harness.fixture.whenStable();
  };
  const search = (): HTMLInputElement => page.querySelector<HTMLInputElement>('input[type=search]')!;

  it('names the organisation and the person, with the role in words', async () => {
    await enter([]);

    expect(page.querySelector('header')?.textContent).toContain('Brightwell Lettings');
    await vi.waitFor(() => { expect(page.querySelector('#user-menu')?.textContent).toContain('Amara Okafor'); });
    expect(page.querySelector('#user-menu')?.textContent).toContain('Organisation admin');
  });

  it('offers a new ticket only to people who may report one', async () => {
    await enter(['tickets:read']);
    await press('c');

    expect(page.querySelector('a[href="/tickets/new"]')).toBeNull();
    expect(url()).toBe('/tickets');
  });

  it('opens a new ticket with C', async () => {
    await enter(['tickets:create']);
    await press('c');

    expect(page.querySelector('a[href="/tickets/new"]')).not.toBeNull();
    expect(url()).toBe('/tickets/new');
  });

  it('leaves the filled button to the page: the next best action is never ours', async () => {
    await enter(['tickets:create']);

    expect(page.querySelectorAll('a[href="/tickets/new"].mu-button')).toHaveLength(1);
    expect(page.querySelector('.mu-button-filled')).toBeNull();
  });

  it('searches tickets, and shows what the address searches for', async () => {
    await enter([], '/tickets?q=boiler');
    expect(search().value).toBe('boiler');

    search().value = ' damp ';
    page.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
    await harness.fixture.whenStable();

    expect(url()).toBe('/tickets?q=damp');
  });

  it('puts the cursor into the search with /', async () => {
    await enter([]);
    await press('/');

    expect(document.activeElement).toBe(search());
  });

  it('says when there is no network', async () => {
    await enter([]);
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    window.dispatchEvent(new Event('offline'));
    await harness.fixture.whenStable();

    expect(page.querySelector('[role=status]')?.textContent).toContain("You're offline.");
  });

  it('goes to the sign-in page when the session ends, keeping the address', async () => {
    await enter([], '/tickets?q=boiler');
    const refreshing = TestBed.inject(Session).refresh();
    const body = { data: null, error: { code: 'session-ended', message: 'Ended.' }, traceId: 't' };
    await vi.waitFor(() => {
      TestBed.inject(HttpTestingController).expectOne('/auth/refresh').flush(body, { status: 401, statusText: 'No' });
    });
    await expect(refreshing).rejects.toMatchObject({ code: 'session-ended' });
    await harness.fixture.whenStable();

    expect(url()).toBe('/sign-in?to=%2Ftickets%3Fq%3Dboiler');
  });
});

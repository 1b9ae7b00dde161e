import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { CLIENT } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import words from '../../en.json';
import { SignIn } from './sign-in';

@Component({ selector: 'mu-any-page', template: '' })
class AnyPage {}

describe('SignIn', () => {
  let server: HttpTestingController;
  let harness: RouterTestingHarness;
  let page: HTMLElement;

  const open = async (address: string): Promise<void> => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([{ path: 'sign-in', component: SignIn }, { path: '**', component: AnyPage }], withComponentInputBinding()),
        provideCatalogue(words),
        { provide: CLIENT, useValue: 'staff' },
      ],
    });
    server = TestBed.inject(HttpTestingController);
    harness = await RouterTestingHarness.create(address);
    page = harness.routeNativeElement!;
  };
  const field = (id: string): HTMLInputElement => page.querySelector<HTMLInputElement>(`#${id}`)!;
  const type = (id: string, text: string): void => {
    field(id).value = text;
    field(id).dispatchEvent(new Event('input'));
  };
  const submit = async (): Promise<void> => {
    (page.querySelector<HTMLButtonElement>('[type=submit]')!).click();
    await harness.fixture.whenStable();
  };
  const answered = async (status: number, code: string, headers: Record<string, string> = {}): Promise<void> => {
    const body = { data: null, error: { code, message: 'From the server.' }, traceId: 'abc123' };
    server.expectOne('/auth/login').flush(body, { status, statusText: 'No', headers });
    await vi.waitFor(() => {
      expect(page.querySelector('[aria-busy=true]')).toBeNull();
    });
    await harness.fixture.whenStable();
  };
  const filledIn = async (): Promise<void> => {
    type('email', 'amara.okafor@brightwell.example.com');
    type('password', 'wrong');
    await submit();
  };
  const alert = (): string => page.querySelector('[role=alert]')?.textContent.replace(/\s+/g, ' ').trim() ?? '';

  it('says how the last session ended, and nothing that the address makes up', async () => {
    await open('/sign-in?ended=signed-out-elsewhere');
    expect(page.querySelector('[role=status]')?.textContent).toBe('You signed out in another tab.');

    await harness.navigateByUrl('/sign-in?ended=made-up');
    expect(page.querySelector('[role=status]')).toBeNull();
  });

  it('asks for what is missing, before it asks the server', async () => {
    await open('/sign-in');

    await submit();

    server.expectNone('/auth/login');
    expect(page.textContent).toContain('Enter your e-mail address.');
    expect(page.textContent).toContain('Enter your password.');
    expect(field('email').getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(field('email'));
  });

  it('says that the two do not go together, without saying which is wrong', async () => {
    await open('/sign-in');

    await filledIn();
    await answered(401, 'invalid-credentials');

    expect(alert()).toBe("That e-mail address and password don't go together. Check both and try again.");
  });

  it('says how long to wait and keeps the button shut meanwhile', async () => {
    await open('/sign-in');

    await filledIn();
    await answered(429, 'too-many-attempts', { 'Retry-After': '240' });

    expect(alert()).toBe('Too many attempts. Try again in 4 minutes.');
    expect((page.querySelector<HTMLButtonElement>('[type=submit]')!).disabled).toBe(true);
  });

  it('shows the trace when it was the server that failed', async () => {
    await open('/sign-in');

    await filledIn();
    await answered(500, 'never-heard-of');

    expect(alert()).toBe('From the server. For support: abc123');
  });

  it('goes on to the page that was wanted', async () => {
    await open('/sign-in?to=%2Ftickets%3Fq%3Dboiler');

    await filledIn();
    const user = { id: 'a', name: 'Amara Okafor', email: 'a@example.com', role: 'Manager', permissions: [], lists: [] };
    const organisation = { id: 'b', name: 'Brightwell Lettings', kind: 'letting_agent' };
    server.expectOne('/auth/login').flush({ data: { accessToken: 't', expiresIn: 900, user, organisation }, error: null, traceId: 't' });

    await vi.waitFor(() => {
      expect(TestBed.inject(Router).url).toBe('/tickets?q=boiler');
    });
  });

  it('tells when Caps Lock is on', async () => {
    await open('/sign-in');

    field('password').dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: true }));
    await harness.fixture.whenStable();

    expect(page.textContent).toContain('Caps Lock is on.');
  });

  it('shows the password on request', async () => {
    await open('/sign-in');

    (page.querySelector<HTMLButtonElement>('[aria-label="Show password"]')!).click();
    await harness.fixture.whenStable();

    expect(field('password').type).toBe('text');
    expect(page.querySelector('[aria-label="Hide password"]')).not.toBeNull();
  });
});

import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { ActivatedRoute, provideRouter } from '@angular/router';
import { Api } from '@mu/shared/api/api';
import { ApiFailure } from '@mu/shared/api/failure';
import { lookAtInvitation } from '@mu/shared/api/generated/fn/invitations/look-at-invitation';
import { Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import app from '../../en.json';
import invitation from './en.json';
import { InvitationPage } from './invitation-page';

const OFFER = { email: 'zainab.malik@example.com', organisation: 'Brightwell Lettings', role: 'Coordinator', client: 'staff', hasAccount: false };

describe('An invitation', () => {
  let fixture: ComponentFixture<InvitationPage>;
  let page: HTMLElement;
  let sent: unknown[];

  const open = async (how: { fragment?: string | null; offer?: Partial<typeof OFFER>; refusal?: ApiFailure; user?: { name: string; email: string } } = {}): Promise<void> => {
    sent = [];
    const call = (operation: unknown, { body }: { body: unknown }): Promise<unknown> => {
      if (operation === lookAtInvitation) return how.refusal?.status === 410 ? Promise.reject(how.refusal) : Promise.resolve({ ...OFFER, ...how.offer });
      sent.push(body);
      return how.refusal ? Promise.reject(how.refusal) : Promise.resolve({ session: null });
    };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideCatalogue({ ...app, invitation }),
        { provide: Api, useValue: { call } },
        { provide: Session, useValue: { user: signal(how.user ?? null), start: () => Promise.resolve() } },
        { provide: ActivatedRoute, useValue: { snapshot: { fragment: how.fragment === undefined ? 'secret' : how.fragment } } },
      ],
    });
    fixture = TestBed.createComponent(InvitationPage);
    page = fixture.nativeElement as HTMLElement;
    for (let turn = 0; turn < 3; turn++) await fixture.whenStable();
  };
  const join = async (name: string, password = ''): Promise<void> => {
    for (const [id, value] of [['name', name], ['password', password]] as const) {
      const field = page.querySelector<HTMLInputElement>(`#${id}`);
      if (!field) continue;
      field.value = value;
      field.dispatchEvent(new Event('input'));
    }
    page.querySelector<HTMLButtonElement>('[type=submit]')!.click();
    for (let turn = 0; turn < 3; turn++) await fixture.whenStable();
  };

  it('says who offers what to whom, and asks a new address for a first password', async () => {
    await open();

    expect(page.textContent).toContain('Brightwell Lettings has kept a place for you as Coordinator.');
    expect(page.querySelector('#password')?.getAttribute('autocomplete')).toBe('new-password');
  });

  it('takes a known address to the sign-in page once its password is right', async () => {
    await open({ offer: { hasAccount: true } });

    await join('Zainab Malik', 'a calm and lengthy phrase');

    expect(sent).toEqual([{ token: 'secret', name: 'Zainab Malik', password: 'a calm and lengthy phrase' }]);
    expect(page.textContent).toContain('You are in');
  });

  it('says plainly to a contractor what the account is good for, and sends nobody round in circles', async () => {
    await open({ offer: { client: 'contractor', role: 'ContractorAdmin', hasAccount: true } });

    await join('Yusuf Demir', 'a calm and lengthy phrase');

    expect(page.textContent).toContain('Your account with Brightwell Lettings is made.');
    expect(page.textContent).toContain('you can close this page');
    expect(page.querySelector('a')).toBeNull();
  });

  it('asks no password of whoever is signed in with the address', async () => {
    await open({ user: { name: 'Zainab Malik', email: 'Zainab.Malik@example.com' } });

    expect(page.querySelector('#password')).toBeNull();
    await join('Zainab Malik');
    expect(sent).toEqual([{ token: 'secret', name: 'Zainab Malik', password: null }]);
  });

  it('asks for the password after all, where another organisation vouched for whoever is signed in', async () => {
    const refusal = new ApiFailure('invalid-credentials', 'That is not right.', 401);
    await open({ user: { name: 'Zainab Malik', email: OFFER.email }, offer: { hasAccount: true }, refusal });

    await join('Zainab Malik');

    expect(page.querySelector('#password')?.getAttribute('autocomplete')).toBe('current-password');
    expect(page.querySelector('form')?.textContent).not.toContain('That is not right.');
  });

  it('offers a way out to whoever is signed in as somebody else', async () => {
    await open({ refusal: new ApiFailure('invited-somebody-else', 'For another address.', 409, null, {}, {}) });

    await join('Zainab Malik', 'whatever it may be');

    expect(page.querySelector('[role=alert]')?.textContent).toContain('For another address.');
    expect(page.textContent).toContain('Sign out and try again');
  });

  it('says why it opens nothing any more', async () => {
    await open({ refusal: new ApiFailure('link-used', 'This link has been used.', 410, null, {}, {}) });

    expect(page.querySelector('[role=alert]')?.textContent).toBe('This link has been used.');
  });

  it('says that half a link is no link', async () => {
    await open({ fragment: null });

    expect(page.textContent).toContain('The link is not whole.');
  });
});

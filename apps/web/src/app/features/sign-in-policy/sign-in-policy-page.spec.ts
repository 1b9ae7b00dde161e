import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import words from '../../en.json';
import own from './en.json';
import { SignInPolicyPage } from './sign-in-policy-page';

const POLICY = '/api/v1/organisation/sign-in';
const policy = {
  isSecondFactorRequired: false,
  issuer: null,
  clientId: null,
  hasClientSecret: false,
  signInAddress: 'https://repairs.example.com/auth/single-sign-on/x/begin',
  redirectAddress: 'https://repairs.example.com/auth/single-sign-on/back',
  needsPassword: true,
  version: 0,
};

describe('SignInPolicyPage', () => {
  let server: HttpTestingController;
  let fixture: ComponentFixture<SignInPolicyPage>;
  let page: HTMLElement;

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting(), provideCatalogue({ ...words, 'sign-in-policy': own })] });
    server = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(SignInPolicyPage);
    page = fixture.nativeElement as HTMLElement;
    server.expectOne(POLICY).flush({ data: policy, error: null, traceId: 't' });
    await vi.waitFor(() => { expect(page.querySelector('#issuer')).not.toBeNull(); });
  });

  it('asks everybody for a second step, having seen the policy as it was', async () => {
    page.querySelector<HTMLInputElement>('[type=checkbox]')!.click();
    page.querySelector<HTMLButtonElement>('[type=submit]')!.click();

    const asked = server.expectOne(({ method }) => method === 'PUT');
    expect(asked.request.headers.get('If-Match')).toBe('"v0"');
    expect(asked.request.body).toEqual({ isSecondFactorRequired: true, issuer: '', clientId: '', clientSecret: '' });
    asked.flush({ data: { ...policy, isSecondFactorRequired: true, version: 1 }, error: null, traceId: 't' });
    await fixture.whenStable();
  });

  it('takes over what a colleague saved meanwhile, keeps what was typed, and is saved at the next try', async () => {
    const issuer = page.querySelector<HTMLInputElement>('#issuer')!;
    issuer.value = 'https://login.example.com';
    issuer.dispatchEvent(new Event('input'));
    expect(fixture.componentInstance.isUnsaved()).toBe(true);
    page.querySelector<HTMLButtonElement>('[type=submit]')!.click();
    server.expectOne(({ method }) => method === 'PUT').flush({ data: null, error: { code: 'settings-changed-meanwhile', message: 'No.' }, traceId: 't' }, { status: 412, statusText: 'No' });
    await vi.waitFor(() => { server.expectOne(({ method }) => method === 'GET').flush({ data: { ...policy, isSecondFactorRequired: true, version: 4 }, error: null, traceId: 't' }); });
    await vi.waitFor(() => { expect(page.querySelector('[role=alert]')!.textContent).toContain('Somebody else changed this meanwhile'); });

    page.querySelector<HTMLButtonElement>('[type=submit]')!.click();

    const again = server.expectOne(({ method }) => method === 'PUT');
    expect(again.request.headers.get('If-Match')).toBe('"v4"');
    expect(again.request.body).toMatchObject({ isSecondFactorRequired: true, issuer: 'https://login.example.com' });
    again.flush({ data: { ...policy, isSecondFactorRequired: true, version: 5 }, error: null, traceId: 't' });
    await vi.waitFor(() => { expect(fixture.componentInstance.isUnsaved()).toBe(false); });
  });

  it('asks for the password again before another vouches for everybody, and sends none otherwise', async () => {
    const type = (field: string, text: string): void => {
      const input = page.querySelector<HTMLInputElement>(field)!;
      input.value = text;
      input.dispatchEvent(new Event('input'));
    };
    expect(page.querySelector('#own-password')).toBeNull();

    type('#issuer', 'https://login.example.com');
    await vi.waitFor(() => { expect(page.querySelector('#own-password')).not.toBeNull(); });
    type('#own-password', 'a guess');
    page.querySelector<HTMLButtonElement>('[type=submit]')!.click();
    const asked = server.expectOne(({ method }) => method === 'PUT');
    asked.flush({ data: null, error: { code: 'wrong-password', message: 'That is not your password.' }, traceId: 't' }, { status: 403, statusText: 'No' });

    expect(asked.request.body).toMatchObject({ issuer: 'https://login.example.com', password: 'a guess' });
    await vi.waitFor(() => { expect(page.querySelector('#own-password')?.getAttribute('aria-invalid')).toBe('true'); });
    expect(page.querySelector('[role=alert]')!.textContent).toContain('not your password');
  });

  it('says at the field what is missing', async () => {
    page.querySelector<HTMLButtonElement>('[type=submit]')!.click();

    const error = { code: 'invalid', message: 'Look again.', fields: { issuer: ['Give the issuer, the client id and the secret.'] } };
    server.expectOne(({ method }) => method === 'PUT').flush({ data: null, error, traceId: 't' }, { status: 422, statusText: 'No' });

    await vi.waitFor(() => { expect(page.querySelector('#issuer-error')?.textContent).toContain('Give the issuer'); });
  });
});

import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { StepView } from '@mu/shared/api/generated/models';
import { CLIENT, Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import words from '../../en.json';
import { SecondStep } from './second-step';

const session = {
  accessToken: 't',
  expiresIn: 900,
  user: { id: 'a', name: 'Amara Okafor', email: 'a@example.com', role: 'Manager', permissions: [], lists: [] },
  organisation: { id: 'b', name: 'Brightwell Lettings', kind: 'letting_agent' },
  organisations: [],
};
const app = { id: 'app', seed: 'ABCDEFGH', address: 'otpauth://totp/x', qrCode: { path: 'M0 0h1v1h-1z', size: 21 } };
const answer = (data: unknown) => ({ data, error: null, traceId: 'trace' });

describe('SecondStep', () => {
  let server: HttpTestingController;
  let fixture: ComponentFixture<SecondStep>;
  let page: HTMLElement;
  const over = vi.fn();
  const done = vi.fn();

  const open = async (step: StepView): Promise<void> => {
    over.mockReset();
    done.mockReset();
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideCatalogue(words), { provide: CLIENT, useValue: 'staff' }],
    });
    server = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(SecondStep);
    fixture.componentRef.setInput('step', step);
    fixture.componentInstance.over.subscribe(over);
    fixture.componentInstance.done.subscribe(done);
    await fixture.whenStable();
    page = fixture.nativeElement as HTMLElement;
  };
  const type = async (code: string): Promise<void> => {
    page.querySelector<HTMLInputElement>('#code')!.value = code;
    page.querySelector<HTMLButtonElement>('[type=submit]')!.click();
    await fixture.whenStable();
  };

  const described = (field: Element) => field.getAttribute('aria-describedby')!.split(' ').map((id) => page.querySelector(`#${id}`)?.textContent ?? null);

  it('signs in with the code of an app', async () => {
    await open({ ticket: 'ticket', ways: ['totp'], passkeyOptions: null });

    await type(' 123456 ');
    server.expectOne(({ url, body }) => url === '/auth/second-factor' && (body as { code: string }).code === '123456').flush(answer(session));

    await vi.waitFor(() => { expect(done).toHaveBeenCalled(); });
    expect(TestBed.inject(Session).user()?.name).toBe('Amara Okafor');
  });

  it('says what the server says of a code, and begins again when it took too long', async () => {
    await open({ ticket: 'ticket', ways: ['totp'], passkeyOptions: null });
    const refuse = (code: string, status: number): void => {
      server.expectOne('/auth/second-factor').flush({ data: null, error: { code, message: 'From the server.' }, traceId: 't' }, { status, statusText: 'No' });
    };

    await type('000000');
    refuse('wrong-code', 403);
    await vi.waitFor(() => { expect(page.querySelector('[role=alert]')?.textContent).toContain('From the server.'); });
    const code = page.querySelector('#code')!;
    expect(code.getAttribute('aria-invalid')).toBe('true');
    expect(described(code)[0]).toContain('From the server.');

    await type('000000');
    refuse('sign-in-step-over', 401);
    await vi.waitFor(() => { expect(over).toHaveBeenCalled(); });
  });

  it('asks for a code before it asks the server', async () => {
    await open({ ticket: 'ticket', ways: ['totp'], passkeyOptions: null });

    await type('');

    server.expectNone('/auth/second-factor');
    expect(page.querySelector('[role=alert]')?.textContent).toContain('Type the code first.');
  });

  it('adds an app where one is asked for, and shows the recovery codes before it goes on', async () => {
    await open({ ticket: 'ticket', ways: [], passkeyOptions: null });
    server.expectOne('/auth/enrolment').flush(answer(app));
    await vi.waitFor(() => { expect(page.textContent).toContain('ABCD EFGH'); });

    await vi.waitFor(() => { expect(page.querySelector<HTMLButtonElement>('[type=submit]')!.disabled).toBe(false); });
    await type('123456');
    server.expectOne('/auth/enrolment/confirmation').flush(answer({ session, recoveryCodes: ['AAAAA-BBBBB'] }));
    await vi.waitFor(() => { expect(page.textContent).toContain('AAAAA-BBBBB'); });
    expect(done).not.toHaveBeenCalled();

    [...page.querySelectorAll('button')].at(-1)!.click();
    await vi.waitFor(() => { expect(done).toHaveBeenCalled(); });
  });
});

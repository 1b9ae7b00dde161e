import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Api } from '@mu/shared/api/api';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import app from '../../en.json';
import { SignUp } from './sign-up';
import { SignUpLink } from './sign-up-link';
import words from './en.json';

describe('Signing up', () => {
  let page: HTMLElement;
  let sent: unknown[];
  let answer: () => Promise<unknown>;

  const open = async <Of>(component: new () => Of): Promise<ComponentFixture<Of>> => {
    sent = [];
    const call = (_: unknown, params: { body?: unknown }): Promise<unknown> => {
      sent.push(params.body);
      return answer();
    };
    TestBed.configureTestingModule({ providers: [provideRouter([]), provideCatalogue({ ...app, 'sign-in': words }), { provide: Api, useValue: { call } }] });
    const fixture = TestBed.createComponent(component);
    page = fixture.nativeElement as HTMLElement;
    document.body.append(page);
    await settled(fixture);
    return fixture;
  };
  const settled = async (fixture: ComponentFixture<unknown>): Promise<void> => {
    for (let turn = 0; turn < 4; turn++) await fixture.whenStable();
  };
  const type = (id: string, text: string): void => {
    const field = page.querySelector<HTMLInputElement>(`#${id}`)!;
    field.value = text;
    field.dispatchEvent(new Event('input'));
  };
  const send = async (fixture: ComponentFixture<unknown>): Promise<void> => {
    type('organisation', 'Harbourside Lettings');
    type('email', ' moira@example.com ');
    page.querySelector<HTMLButtonElement>('[type=submit]')!.click();
    await settled(fixture);
  };

  it('says where the letter went, and goes back to what was typed', async () => {
    answer = () => Promise.resolve(null);
    const fixture = await open(SignUp);

    await send(fixture);

    expect(sent).toEqual([{ name: 'Harbourside Lettings', kind: 'letting_agent', nation: 'ENG', email: 'moira@example.com' }]);
    expect(page.querySelector('h1')?.textContent).toBe('Look in your mailbox');
    expect(page.textContent).toContain('moira@example.com');
    page.querySelector<HTMLButtonElement>('button')!.click();
    await settled(fixture);
    expect(page.querySelector<HTMLInputElement>('#organisation')?.value).toBe('Harbourside Lettings');
  });

  it('shows at its field what is not right, and looks there', async () => {
    answer = () => Promise.reject(new ApiFailure('validation', 'Look again.', 422, null, { name: ['Leave addresses out.'] }));
    const fixture = await open(SignUp);

    await send(fixture);

    expect(page.querySelector('#organisation-error')?.textContent).toBe('Leave addresses out.');
    expect(document.activeElement?.id).toBe('organisation');
    expect(page.querySelector('[role=alert]')?.textContent).toBe('');
  });

  it('says whom to ask where the installation takes nobody', async () => {
    answer = () => Promise.reject(new ApiFailure('not-found', 'Ask whoever runs this installation.', 404, null, {}));
    const fixture = await open(SignUp);

    await send(fixture);

    expect(page.querySelector('[role=alert]')?.textContent).toBe('Ask whoever runs this installation.');
  });

  it('is linked from the sign-in page where it is open, and only there', async () => {
    answer = () => Promise.resolve({ isOpen: true });
    await open(SignUpLink);
    expect(page.querySelector('a')?.textContent).toBe('Start with your organisation');
    TestBed.resetTestingModule();

    answer = () => Promise.reject(new Error('no answer'));
    await open(SignUpLink);
    expect(page.querySelector('a')).toBeNull();
  });
});

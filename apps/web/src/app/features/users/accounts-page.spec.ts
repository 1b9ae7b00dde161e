import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Api } from '@mu/shared/api/api';
import { ApiFailure } from '@mu/shared/api/failure';
import { listInvitations } from '@mu/shared/api/generated/fn/invitations/list-invitations';
import { listRoles } from '@mu/shared/api/generated/fn/roles/list-roles';
import { changeRoleOfUser } from '@mu/shared/api/generated/fn/users/change-role-of-user';
import { disableUser } from '@mu/shared/api/generated/fn/users/disable-user';
import { listAccounts } from '@mu/shared/api/generated/fn/users/list-accounts';
import { listSessionsOfUser } from '@mu/shared/api/generated/fn/users/list-sessions-of-user';
import type { AccountView, RoleView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { Toasts } from '@mu/shared/ui/toasts';
import { AccountsPage } from './accounts-page';
import users from './en.json';

const role = (name: string): RoleView => ({ id: name, name, client: 'staff', actsFor: null, scopes: ['org'], grants: [], isBuiltIn: true, isAssignable: true, holders: 1, version: 1 });
const account = (name: string, changes: Partial<AccountView> = {}): AccountView => ({
  id: name, name, email: `${name.split(' ')[0]!.toLowerCase()}@example.com`, role: { id: 'Coordinator', name: 'Coordinator' }, client: 'staff', actsFor: null,
  teams: [], status: 'active', lastSignedInAt: null, mayChange: true, ...changes,
});

describe('The people who work here', () => {
  let fixture: ComponentFixture<AccountsPage>;
  let page: HTMLElement;
  let calls: unknown[][];
  let refusal: ApiFailure | null;
  let unread: ApiFailure | null;

  const answer = (operation: unknown, params: { user_id?: string; body?: { roleId: string }; tenants?: boolean; cursor?: string }): Promise<unknown> => {
    if (operation === listAccounts && params.tenants) return Promise.resolve(params.cursor ? { items: [account('Gareth Pugh')], nextCursor: null } : { items: [account('Aisha Khan')], nextCursor: 'c' });
    if (operation === listAccounts) return Promise.resolve({ items: [account('Callum Fraser'), account('Tunde Adeyemi', { role: { id: 'OrgAdmin', name: 'OrgAdmin' }, mayChange: false })] });
    if (operation === listRoles) return Promise.resolve({ items: [role('Coordinator'), role('Manager'), { ...role('OrgAdmin'), isAssignable: false }] });
    if (operation === listSessionsOfUser && unread) return Promise.reject(unread);
    if (operation === listInvitations || operation === listSessionsOfUser) return Promise.resolve({ items: [] });
    calls.push([operation, params]);
    if (refusal) return Promise.reject(refusal);
    return Promise.resolve(account('Callum Fraser', operation === disableUser ? { status: 'disabled' } : { role: { id: params.body!.roleId, name: params.body!.roleId } }));
  };
  const settled = async (): Promise<void> => {
    await fixture.whenStable();
    fixture.detectChanges();
  };
  const press = async (name: string): Promise<void> => {
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.includes(name))!.click();
    await settled();
    await settled();
  };
  const said = (): string => TestBed.inject(Toasts).all().map(({ text }) => text).join(' ');

  beforeEach(async () => {
    calls = [];
    refusal = null;
    unread = null;
    TestBed.configureTestingModule({ providers: [provideCatalogue({ users }), { provide: Api, useValue: { call: answer } }, { provide: Session, useValue: { can: () => false } }] });
    fixture = TestBed.createComponent(AccountsPage);
    page = fixture.nativeElement as HTMLElement;
    await settled();
    await settled();
  });

  it('show tenants apart, in pages of the server', async () => {
    const choice = page.querySelector<HTMLSelectElement>('select')!;
    choice.value = 'tenants';
    choice.dispatchEvent(new Event('change'));
    await settled();
    await settled();
    expect(page.textContent).toContain('Aisha Khan');

    await press('Show more');

    expect(page.textContent).toContain('Gareth Pugh');
    expect(page.textContent).not.toContain('Show more');
  });

  it('are found by name, e-mail and role', async () => {
    const search = page.querySelector<HTMLInputElement>('input[type=search]')!;
    search.value = 'organisation adm';
    search.dispatchEvent(new Event('input'));
    await settled();

    expect(page.textContent).toContain('Tunde Adeyemi');
    expect(page.textContent).not.toContain('Callum Fraser');
  });

  it('get another role at a press, with a way back, and none while somebody walks through the list', async () => {
    await press('Callum Fraser');
    const select = page.querySelector<HTMLSelectElement>('select[id^=role]')!;
    expect([...select.options].map(({ value }) => value)).toEqual(['Coordinator', 'Manager']);

    for (const passed of ['Coordinator', 'Manager']) {
      select.value = passed;
      select.dispatchEvent(new Event('change'));
      await settled();
    }
    expect(calls).toEqual([]);
    await press('Give this role');

    expect(calls).toEqual([[changeRoleOfUser, { user_id: 'Callum Fraser', body: { roleId: 'Manager' } }]]);
    expect(said()).toContain('Callum Fraser is now Manager');
  });

  it('are told why the last administrator stays', async () => {
    refusal = new ApiFailure('last-administrator', 'Nobody else could let people in.', 409, null, {}, {});
    await press('Callum Fraser');

    await press('Disable');

    expect(said()).toContain('Nobody else could let people in.');
    expect(page.textContent).not.toContain('Let them in again');
  });

  it('are not said to be signed in nowhere when nobody knows', async () => {
    unread = new ApiFailure('unreachable', '', 0);
    await press('Callum Fraser');
    expect(page.textContent).not.toContain(users.nowhere);
    expect(page.querySelector('[role=alert]')!.textContent).toContain(users.browsersFailed);

    unread = null;
    await press('Try again');
    expect(page.textContent).toContain(users.nowhere);
  });

  it('are looked at, not changed, where their role does more', async () => {
    await press('Tunde Adeyemi');

    expect(page.querySelector<HTMLSelectElement>('select[id^=role]')!.disabled).toBe(true);
    expect(page.textContent).toContain('This role may do more than yours');
  });
});

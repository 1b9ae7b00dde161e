import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Api } from '@mu/shared/api/api';
import { ApiFailure } from '@mu/shared/api/failure';
import { changeRole } from '@mu/shared/api/generated/fn/roles/change-role';
import { readRole } from '@mu/shared/api/generated/fn/roles/read-role';
import type { RoleView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import users from './en.json';
import { RolePage } from './role-page';

const role: RoleView = {
  id: 'desk', name: 'Desk', client: 'staff', actsFor: null, scopes: ['team', 'org'], isBuiltIn: false, isAssignable: true, holders: 2, version: 1,
  grants: [{ permission: 'tickets:read', scope: 'org' }, { permission: 'people:read', scope: 'org' }],
};

describe('A role', () => {
  let fixture: ComponentFixture<RolePage>;
  let page: HTMLElement;
  let calls: Record<string, unknown>[];
  let refusals: ApiFailure[];

  const call = (operation: unknown, params: Record<string, unknown>): Promise<unknown> => {
    if (operation === readRole) return Promise.resolve(role);
    if (operation === changeRole) calls.push(params);
    return refusals.length ? Promise.reject(refusals.shift()!) : Promise.resolve({ ...role, ...(params['body'] as Partial<RoleView>), version: 9 });
  };
  const settled = async (): Promise<void> => { await fixture.whenStable(); await fixture.whenStable(); };
  const reach = async (permission: string, scope: string): Promise<void> => {
    const select = page.querySelector<HTMLSelectElement>(`[id='${permission}']`)!;
    select.value = scope;
    select.dispatchEvent(new Event('change'));
    await settled();
  };
  const save = async (): Promise<void> => {
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.includes(users.saveRole))!.click();
    await settled();
  };

  beforeEach(async () => {
    calls = [];
    refusals = [];
    TestBed.configureTestingModule({ providers: [provideCatalogue({ users }), provideRouter([]), { provide: Api, useValue: { call } }, { provide: Session, useValue: { can: () => true } }] });
    fixture = TestBed.createComponent(RolePage);
    fixture.componentRef.setInput('roleId', 'desk');
    page = fixture.nativeElement as HTMLElement;
    await settled();
  });

  it('keeps what a colleague has given and taken meanwhile wherever nobody touched it', async () => {
    await reach('tickets:read', 'team');
    refusals = [new ApiFailure('role-changed-meanwhile', '', 412, null, {}, { current: { ...role, name: 'Front desk', grants: [{ permission: 'tickets:read', scope: 'org' }, { permission: 'messages:read', scope: 'org' }], version: 7 } })];

    await save();
    await save();

    expect(calls[1]!['if-match']).toBe('"v7"');
    expect(calls[1]!['body']).toEqual({ name: 'Front desk', grants: expect.arrayContaining([{ permission: 'tickets:read', scope: 'team' }, { permission: 'messages:read', scope: 'org' }]) as unknown });
    expect((calls[1]!['body'] as RoleView).grants).toHaveLength(2);
  });

  it('says that it is not saved from the first change until it is', async () => {
    const { componentInstance: shown } = fixture;
    expect(shown.isUnsaved()).toBe(false);

    await reach('tickets:read', 'team');
    expect(shown.isUnsaved()).toBe(true);

    await save();
    expect(shown.isUnsaved()).toBe(false);
  });
});

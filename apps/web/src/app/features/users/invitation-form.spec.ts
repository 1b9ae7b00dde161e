import type { Api } from '@mu/shared/api/api';
import { invite } from '@mu/shared/api/generated/fn/invitations/invite';
import { listSubjects } from '@mu/shared/api/generated/fn/invitations/list-subjects';
import type { RoleView } from '@mu/shared/api/generated/models';
import { newInvitation } from './invitation-form';

const role = (name: string, more: Partial<RoleView> = {}): RoleView => ({
  id: name, name, client: 'staff', actsFor: null, scopes: [], grants: [], isBuiltIn: true, isAssignable: true, holders: 0, version: 1, ...more,
});
const ROLES = [
  role('OrgAdmin', { isAssignable: false }), role('Coordinator'), role('Landlord', { actsFor: 'landlord' }),
  role('ContractorAdmin', { client: 'contractor', actsFor: 'contractor' }), role('Tenant', { client: 'tenant', actsFor: 'tenant' }),
];
const TEAMS = [{ id: 'n', name: 'North' }];

describe('An invitation', () => {
  let sent: unknown[];
  const api = (subjects: { id: string; name: string }[] = []): Api => {
    sent = [];
    const call = (operation: unknown, params: { body?: unknown }): Promise<unknown> => {
      if (operation === listSubjects) return Promise.resolve({ items: subjects });
      expect(operation).toBe(invite);
      sent.push(params.body);
      return Promise.resolve(null);
    };
    return { call } as unknown as Api;
  };
  const shown = (form: ReturnType<typeof newInvitation>, roleId: string): string[] =>
    form.fields.filter(({ when }) => when?.({ roleId }) ?? true).map(({ name }) => name);

  it('asks for teams of colleagues, and for whom everybody else speaks', () => {
    const form = newInvitation(api(), { roles: ROLES, teams: TEAMS, named: (name) => name }, () => undefined);

    expect(form.values['roleId']).toBe('Coordinator');
    expect(form.fields.find(({ name }) => name === 'roleId')?.choices?.map(({ value }) => value)).toEqual(['Coordinator', 'Landlord', 'ContractorAdmin']);
    expect(shown(form, 'Coordinator')).toEqual(['email', 'roleId', 'teamIds']);
    expect(shown(form, 'Landlord')).toEqual(['email', 'roleId', 'landlordId']);
    expect(shown(form, 'ContractorAdmin')).toEqual(['email', 'roleId', 'contractorId']);
  });

  it('sends what was chosen, and says to whom', async () => {
    const told: string[] = [];
    const form = newInvitation(api(), { roles: ROLES, teams: TEAMS, named: (name) => name }, (email) => told.push(email));

    await form.save({ email: ' zainab@example.com ', roleId: 'Coordinator', teamIds: ['n'] }, 'key');

    expect(sent).toEqual([{ email: 'zainab@example.com', roleId: 'Coordinator', subjectId: null, teamIds: ['n'] }]);
    expect(told).toEqual(['zainab@example.com']);
  });

  it('begins with the contractor whose account it is to be', async () => {
    const form = newInvitation(api(), { roles: ROLES, teams: TEAMS, named: (name) => name, contractor: { id: 'c', name: 'Aire Heating' } }, () => undefined);

    await form.save({ ...form.values, email: 'boss@example.com' }, 'key');

    expect(form.fields.find(({ name }) => name === 'contractorId')?.shown).toBe('Aire Heating');
    expect(sent).toEqual([{ email: 'boss@example.com', roleId: 'ContractorAdmin', subjectId: 'c', teamIds: [] }]);
  });

  it('says when there is no landlord yet', async () => {
    const form = newInvitation(api(), { roles: ROLES, teams: TEAMS, named: (name) => name }, () => undefined);

    expect(await form.fields.find(({ name }) => name === 'landlordId')!.find!('')).toEqual({ items: [], notice: 'users.noSubject.landlord' });
  });
});

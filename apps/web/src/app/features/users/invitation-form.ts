import type { Api } from '@mu/shared/api/api';
import { invite } from '@mu/shared/api/generated/fn/invitations/invite';
import { listSubjects } from '@mu/shared/api/generated/fn/invitations/list-subjects';
import type { ActsFor, NamedThing, RoleView, TeamView } from '@mu/shared/api/generated/models';
import type { Find, RecordForm, Values } from '@mu/shared/ui/record-form';

/** What an invitation may offer, and whom it is for when that is known before. */
export interface Offering {
  readonly roles: readonly RoleView[];
  /** The teams that a colleague may join at once. */
  readonly teams: readonly Pick<TeamView, 'id' | 'name'>[];
  /** How a role is called. */
  readonly named: (role: string) => string;
  /** The contractor whose account it begins. */
  readonly contractor?: NamedThing | undefined;
}

/** Whom to let in, and as what. Tenants come in by their links, so that nobody is invited as one. */
export function newInvitation(api: Api, { roles, teams, named, contractor }: Offering, done: (email: string) => void): RecordForm {
  const assignable = roles.filter(({ isAssignable, client }) => isAssignable && client !== 'tenant');
  const usual = assignable.find(({ name }) => name === (contractor ? 'ContractorAdmin' : 'Coordinator')) ?? assignable[0];
  const side = (values: Values): ActsFor | null => assignable.find(({ id }) => id === values['roleId'])?.actsFor ?? null;
  const find = (of: ActsFor): Find => async (words) => {
    const { items } = await api.call(listSubjects, { side: of });
    const wanted = words.trim().toLocaleLowerCase('en-GB');
    const found = items.filter(({ name }) => name.toLocaleLowerCase('en-GB').includes(wanted));
    return { items: found.slice(0, 20).map(({ id, name }) => ({ value: id, words: name })), ...(items.length ? {} : { notice: `users.noSubject.${of}` }) };
  };
  return {
    title: 'users.invite', text: 'users.inviteText', submit: 'users.send',
    fields: [
      { name: 'email', label: 'users.email', kind: 'email' },
      { name: 'roleId', label: 'users.role', kind: 'choice', choices: assignable.map(({ id, name }) => ({ value: id, words: named(name) })) },
      { name: 'landlordId', label: 'users.subject.landlord', kind: 'find', find: find('landlord'), also: ['subjectId'], when: (values) => side(values) === 'landlord' },
      {
        name: 'contractorId', label: 'users.subject.contractor', kind: 'find', find: find('contractor'), also: ['subjectId'], when: (values) => side(values) === 'contractor',
        ...(contractor && { shown: contractor.name }),
      },
      {
        name: 'teamIds', label: 'users.joinsTeams', kind: 'several', hint: 'users.joinsTeamsHint',
        choices: teams.map(({ id, name }) => ({ value: id, words: name })), when: (values) => side(values) === null && teams.length > 0,
      },
    ],
    values: { roleId: usual?.id ?? '', ...(contractor && { contractorId: contractor.id }) },
    save: async (values, key) => {
      const text = (name: string): string => (typeof values[name] === 'string' ? values[name].trim() : '');
      const teamIds = Array.isArray(values['teamIds']) ? (values['teamIds'] as string[]) : [];
      const subjectId = (text('landlordId') || text('contractorId')) || null;
      await api.call(invite, { body: { email: text('email'), roleId: text('roleId'), subjectId, teamIds } }, key);
      done(text('email'));
    },
  };
}

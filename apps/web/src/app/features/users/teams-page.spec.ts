import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Api } from '@mu/shared/api/api';
import { ApiFailure } from '@mu/shared/api/failure';
import { changeTeam } from '@mu/shared/api/generated/fn/teams/change-team';
import { deleteTeam } from '@mu/shared/api/generated/fn/teams/delete-team';
import { handOverProperties } from '@mu/shared/api/generated/fn/teams/hand-over-properties';
import { listAreas } from '@mu/shared/api/generated/fn/teams/list-areas';
import { listTeams } from '@mu/shared/api/generated/fn/teams/list-teams';
import { nameHeadOfService } from '@mu/shared/api/generated/fn/teams/name-head-of-service';
import { listAccounts } from '@mu/shared/api/generated/fn/users/list-accounts';
import type { TeamList, TeamView } from '@mu/shared/api/generated/models';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import users from './en.json';
import { TeamsPage } from './teams-page';

const colleague = (id: string) => ({ id, name: `${id} Fraser`, actsFor: null, status: 'active' });
const north = { id: 'north', name: 'North', leadId: null, members: [{ id: 'Callum', name: 'Callum Fraser' }], properties: 0, version: 1 } as unknown as TeamView;
const list = { items: [north], headOfService: null } as unknown as TeamList;

describe('Teams', () => {
  let fixture: ComponentFixture<TeamsPage>;
  let page: HTMLElement;
  let calls: [unknown, Record<string, unknown>][];
  let refusals: ApiFailure[];

  const call = (operation: unknown, params: Record<string, unknown>): Promise<unknown> => {
    if (operation === listTeams) return Promise.resolve(list);
    if (operation === listAreas) return Promise.resolve({ items: [{ town: 'Leeds', outward: 'LS6', teamId: null, properties: 412 }] });
    if (operation === listAccounts) return Promise.resolve({ items: ['Callum', 'Zara', 'Owen'].map(colleague) });
    calls.push([operation, params]);
    if (refusals.length) return Promise.reject(refusals.shift()!);
    return Promise.resolve(operation === handOverProperties ? { properties: 412 } : operation === nameHeadOfService ? list : north);
  };
  const settled = async (): Promise<void> => { await fixture.whenStable(); await fixture.whenStable(); };
  const press = async (words: string, within: ParentNode = page): Promise<void> => {
    [...within.querySelectorAll('button')].find(({ textContent }) => textContent.trim().includes(words))!.click();
    await settled();
  };
  const agree = async (): Promise<void> => {
    page.querySelector('dialog form')!.dispatchEvent(new Event('submit', { cancelable: true }));
    await settled();
  };

  beforeEach(async () => {
    calls = [];
    refusals = [];
    HTMLDialogElement.prototype.showModal = function () { this.open = true; };
    HTMLDialogElement.prototype.close = function () { this.open = false; this.dispatchEvent(new Event('close')); };
    TestBed.configureTestingModule({ providers: [provideCatalogue({ users }), { provide: Api, useValue: { call } }] });
    fixture = TestBed.createComponent(TeamsPage);
    page = fixture.nativeElement as HTMLElement;
    await settled();
  });

  it('have a head of service who is named at a press, not while somebody walks through the list', async () => {
    const head = page.querySelector<HTMLSelectElement>('section[aria-labelledby=head] select')!;
    for (const passed of ['Callum', 'Zara']) {
      head.value = passed;
      head.dispatchEvent(new Event('change'));
    }
    expect(calls).toEqual([]);

    page.querySelector('section[aria-labelledby=head] form')!.dispatchEvent(new Event('submit', { cancelable: true }));
    await settled();

    expect(calls).toEqual([[nameHeadOfService, { body: { userId: 'Zara' } }]]);
  });

  it('are dissolved, and take over whole areas, once somebody has read what follows', async () => {
    await press('Dissolve');
    expect(calls).toEqual([]);
    expect(page.querySelector('dialog')!.textContent).toContain('Dissolve North?');
    await agree();
    page.querySelector<HTMLInputElement>('section[aria-labelledby=areas] li input')!.click();
    await settled();
    await press('Hand over');
    expect(page.querySelector('dialog')!.textContent).toContain('Hand over 412 properties?');
    await agree();

    expect(calls.map(([operation]) => operation)).toEqual([deleteTeam, handOverProperties]);
  });

  it('keep whom a colleague has put in meanwhile, and are saved at the next try', async () => {
    await press('Edit');
    const boxes = [...page.querySelectorAll<HTMLInputElement>('mu-team-form [type=checkbox]')];
    boxes[2]!.click();
    await settled();
    refusals = [new ApiFailure('team-changed-meanwhile', '', 412, null, {}, { current: { ...north, name: 'North and East', members: [{ id: 'Callum' }, { id: 'Zara' }], version: 4 } })];
    await agree();
    expect(page.querySelector('mu-team-form [role=alert]')!.textContent).toContain('Somebody else changed this meanwhile');
    await agree();

    const [operation, params] = calls.at(-1)!;
    expect([operation, params['if-match']]).toEqual([changeTeam, '"v4"']);
    expect(params['body']).toEqual({ name: 'North and East', leadId: null, memberIds: ['Callum', 'Owen', 'Zara'] });
  });

  it('keep what was typed until somebody says that it may go', async () => {
    await press('Edit');
    const name = page.querySelector<HTMLInputElement>('#team-name')!;
    name.value = 'North-west';
    name.dispatchEvent(new Event('input'));
    await press('Not now');

    expect(page.querySelector('mu-team-form')!.textContent).toContain('What you typed is not saved.');
    await press('Keep writing');
    expect(page.querySelector<HTMLInputElement>('#team-name')!.value).toBe('North-west');
  });

  it('say at the lead and the members what is wrong with them', async () => {
    await press('Edit');
    refusals = [new ApiFailure('invalid', '', 422, null, { leadId: ['The lead must be in the team.'] })];
    await agree();

    const lead = page.querySelector('#team-lead')!;
    expect(lead.getAttribute('aria-invalid')).toBe('true');
    expect(page.querySelector(`#${lead.getAttribute('aria-describedby')!}`)!.textContent).toContain('must be in the team');
  });
});

import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Api } from '@mu/shared/api/api';
import { ApiFailure } from '@mu/shared/api/failure';
import type { NewSettingsInput, SettingsView } from '@mu/shared/api/generated/models';
import { changeSettings } from '@mu/shared/api/generated/fn/organisation/change-settings';
import { Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import settings from './en.json';
import { SettingsPage } from './settings-page';

const SEEN: SettingsView = {
  name: 'Harbour Lettings', kind: 'letting_agent', nation: 'ENG', phone: '0117 496 0112', version: 4,
  emergencyEmail: 'oncall@harbour.example.com', emergencyPhone: '07700 900111', hasEmergencyContact: true, isAiOn: true,
};

describe('The settings', () => {
  let fixture: ComponentFixture<SettingsPage>;
  let page: HTMLElement;
  let theirs: SettingsView | null;
  const saved: [string, NewSettingsInput][] = [];

  const answer = (operation: unknown, params: { 'if-match': string; body: NewSettingsInput }): Promise<SettingsView> => {
    if (operation !== changeSettings) return Promise.resolve(SEEN);
    saved.push([params['if-match'], params.body]);
    const current = theirs;
    theirs = null;
    if (current) return Promise.reject(new ApiFailure('changed-meanwhile', 'Changed.', 412, null, {}, { current }));
    return Promise.resolve({ ...SEEN, ...params.body, version: 9 });
  };
  const field = (id: string): HTMLInputElement => page.querySelector<HTMLInputElement>(`#${id}`)!;
  const types = (id: string, words: string): void => {
    field(id).value = words;
    field(id).dispatchEvent(new Event('input'));
  };
  const press = async (name: string): Promise<void> => {
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.includes(name))!.click();
    await fixture.whenStable();
  };
  const notice = (): string => [...page.querySelectorAll('[role=alert]')].map(({ textContent }) => textContent).join(' ');

  beforeEach(async () => {
    saved.length = 0;
    theirs = { ...SEEN, version: 5, emergencyPhone: '07700 900222', isAiOn: false };
    TestBed.configureTestingModule({
      providers: [provideCatalogue({ settings }), { provide: Api, useValue: { call: answer } }, { provide: Session, useValue: { can: () => true } }],
    });
    fixture = TestBed.createComponent(SettingsPage);
    page = fixture.nativeElement as HTMLElement;
    await fixture.whenStable();
  });

  it('keep what was typed when a colleague was quicker, and name what they changed', async () => {
    types('emergency-phone', '07700 900333');

    await press('Save settings');

    expect(field('emergency-phone').value).toBe('07700 900333');
    expect(notice()).toContain('Phone number: now 07700 900222');
    expect(notice()).toContain('Let AI propose triage: now off');
  });

  it('overwrite nothing that was not touched here when they are saved all the same', async () => {
    types('emergency-phone', '07700 900333');
    await press('Save settings');

    await press('Save settings');

    expect(saved.at(-1)).toEqual(['"v5"', { emergencyEmail: 'oncall@harbour.example.com', emergencyPhone: '07700 900333', isAiOn: false }]);
    expect(notice().trim()).toBe('');
  });

  it('become the colleague’s for whoever gives in', async () => {
    types('emergency-phone', '07700 900333');
    await press('Save settings');

    await press('Take theirs');

    expect(field('emergency-phone').value).toBe('07700 900222');
    expect(notice().trim()).toBe('');
  });
});

import { Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { listInvitations } from '@mu/shared/api/generated/fn/invitations/list-invitations';
import { listSubjects } from '@mu/shared/api/generated/fn/invitations/list-subjects';
import { sendInvitationAgain } from '@mu/shared/api/generated/fn/invitations/send-invitation-again';
import { withdrawInvitation } from '@mu/shared/api/generated/fn/invitations/withdraw-invitation';
import { listRoles } from '@mu/shared/api/generated/fn/roles/list-roles';
import { listTeams } from '@mu/shared/api/generated/fn/teams/list-teams';
import { changeRoleOfUser } from '@mu/shared/api/generated/fn/users/change-role-of-user';
import { disableUser } from '@mu/shared/api/generated/fn/users/disable-user';
import { enableUser } from '@mu/shared/api/generated/fn/users/enable-user';
import { endSessionOfUser } from '@mu/shared/api/generated/fn/users/end-session-of-user';
import { endSessionsOfUser } from '@mu/shared/api/generated/fn/users/end-sessions-of-user';
import { listAccounts } from '@mu/shared/api/generated/fn/users/list-accounts';
import { listSessionsOfUser } from '@mu/shared/api/generated/fn/users/list-sessions-of-user';
import type { AccountView, InvitationView, RoleView, SignedInBrowser } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { Avatar } from '@mu/shared/ui/avatar';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { FailedLine } from '@mu/shared/ui/failed-line';
import { Icon } from '@mu/shared/ui/icon';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { RelativeTime } from '@mu/shared/ui/relative-time';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { newInvitation } from './invitation-form';
import { KeysLeft } from './keys-left';
import { roleNames } from './role-name';

type Shown = 'all' | 'active' | 'disabled' | 'tenants';

/** Everybody who signs in, what they may do and where they are signed in; and who has been invited. */
@Component({
  selector: 'mu-accounts-page',
  imports: [Avatar, Counted, EmptyState, ErrorState, FailedLine, Icon, KeysLeft, RecordDialog, RelativeTime, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './accounts-page.html',
})
export class AccountsPage {
  /** The contractor whose account shall begin, from the address. */
  readonly contractor = input<string>();

  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();

  protected readonly mayManageKeys = inject(Session).can('api_keys:manage');
  protected readonly named = roleNames();
  protected readonly choices: readonly Shown[] = ['all', 'active', 'disabled', 'tenants'];
  protected readonly accounts = signal<readonly AccountView[] | null>(null);
  protected readonly invitations = signal<readonly InvitationView[]>([]);
  protected readonly roles = signal<readonly RoleView[]>([]);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly search = signal('');
  protected readonly shown = signal<Shown>('all');
  /** Behind which of the tenants the list goes on. */
  protected readonly further = signal<string | null>(null);
  protected readonly open = signal<string | null>(null);
  protected readonly browsers = signal<readonly SignedInBrowser[] | null>(null);
  /** Why nobody knows where the open account is signed in. */
  protected readonly unread = signal<ApiFailure | null>(null);
  /** The role chosen for the open account and not given yet. */
  protected readonly picked = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly found = computed(() => {
    if (this.shown() === 'tenants') return this.accounts() ?? [];
    const wanted = this.search().trim().toLocaleLowerCase('en-GB');
    return (this.accounts() ?? []).filter(({ name, email, status, role }) =>
      (this.shown() === 'all' || this.shown() === status)
      && [name, email, this.named(role.name)].some((text) => text.toLocaleLowerCase('en-GB').includes(wanted)));
  });

  constructor() {
    void this.load().then(() => {
      const contractor = this.contractor();
      if (contractor && !this.broken()) this.invite(contractor);
    });
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      const [accounts, invitations, roles] = await Promise.all([
        this.api.call(listAccounts, this.asked()), this.api.call(listInvitations, {}), this.api.call(listRoles, {}),
      ]);
      this.accounts.set(accounts.items);
      this.further.set(accounts.nextCursor ?? null);
      this.invitations.set(invitations.items);
      this.roles.set(roles.items);
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  /** Tenants may be tens of thousands: they come in pages, and are found by the server. */
  protected choose(shown: Shown): void {
    const isOtherList = (shown === 'tenants') !== (this.shown() === 'tenants');
    this.shown.set(shown);
    if (isOtherList) this.ask();
  }

  protected find(): void {
    if (this.shown() === 'tenants') this.ask();
  }

  protected more(cursor: string): void {
    void this.doing(async () => {
      const page = await this.api.call(listAccounts, { ...this.asked(), cursor });
      this.accounts.update((all) => [...(all ?? []), ...page.items]);
      this.further.set(page.nextCursor ?? null);
    });
  }

  /** The roles that this person could have: those for their side which the reader may give. */
  protected rolesFor({ client, actsFor, role }: AccountView): readonly RoleView[] {
    return this.roles().filter((one) => one.id === role.id || (one.isAssignable && one.client === client && one.actsFor === actsFor));
  }

  protected teamsOf({ teams }: Pick<AccountView, 'teams'>): string {
    return teams.map(({ name }) => name).join(', ');
  }

  protected async unfold(account: AccountView): Promise<void> {
    const isOpen = this.open() === account.id;
    this.open.set(isOpen ? null : account.id);
    this.browsers.set(null);
    this.picked.set(null);
    if (!isOpen) await this.look(account);
  }

  protected async look({ id }: AccountView): Promise<void> {
    this.unread.set(null);
    try {
      const { items } = await this.api.call(listSessionsOfUser, { user_id: id });
      if (this.open() === id) this.browsers.set(items);
    } catch (thrown) {
      if (this.open() !== id) return;
      this.browsers.set(null);
      this.unread.set(toFailure(thrown));
    }
  }

  protected give(account: AccountView, roleId: string): void {
    const before = account.role.id;
    if (roleId === before) return;
    const change = (to: string): Promise<AccountView> => this.api.call(changeRoleOfUser, { user_id: account.id, body: { roleId: to } });
    void this.doing(async () => {
      const now = await change(roleId);
      this.put(now);
      this.picked.set(null);
      this.say('roleChanged', { name: now.name, role: this.named(now.role.name) }, () => { void this.doing(async () => { this.put(await change(before)); }); });
    });
  }

  protected disable(account: AccountView): void {
    void this.doing(async () => {
      this.put(await this.api.call(disableUser, { user_id: account.id }));
      this.browsers.set([]);
      this.say('disabled', { name: account.name }, () => { this.enable(account); });
    });
  }

  protected enable(account: AccountView): void {
    void this.doing(async () => {
      this.put(await this.api.call(enableUser, { user_id: account.id }));
      this.say('enabled', { name: account.name });
    });
  }

  protected signOut(account: AccountView, browser?: SignedInBrowser): void {
    void this.doing(async () => {
      await (browser ? this.api.call(endSessionOfUser, { user_id: account.id, session_id: browser.id }) : this.api.call(endSessionsOfUser, { user_id: account.id }));
      await this.look(account);
      this.say('signedOut', { name: account.name });
    });
  }

  protected sendAgain(invitation: InvitationView): void {
    void this.doing(async () => {
      await this.api.call(sendInvitationAgain, { invitation_id: invitation.id });
      await this.load();
      this.say('sentAgain', { email: invitation.email });
    });
  }

  /** The letter that is out opens nothing any more, and no undo would mend that: so it is asked first. */
  protected withdraw(invitation: InvitationView): void {
    const names = { email: invitation.email };
    this.form.set({
      title: 'users.withdrawTitle', text: 'users.withdrawText', submit: 'users.withdraw', names, fields: [], values: {},
      save: async () => {
        await this.api.call(withdrawInvitation, { invitation_id: invitation.id });
        this.invitations.update((all) => all.filter(({ id }) => id !== invitation.id));
        this.say('withdrawn', names);
      },
    });
  }

  protected invite(contractorId?: string): void {
    void this.doing(async () => {
      const [teams, subjects] = await Promise.all([
        this.api.call(listTeams, {}), contractorId ? this.api.call(listSubjects, { side: 'contractor' }) : null,
      ]);
      const contractor = subjects?.items.find(({ id }) => id === contractorId);
      this.form.set(newInvitation(this.api, { roles: this.roles(), teams: teams.items, named: this.named, contractor }, (email) => {
        this.say('invited', { email });
        void this.load();
      }));
    });
  }

  protected closed(): void {
    this.form.set(null);
    if (this.contractor()) void this.router.navigate([], { queryParams: { contractor: null }, replaceUrl: true });
  }

  private ask(): void {
    this.accounts.set(null);
    void this.load();
  }

  private asked(): { tenants?: boolean; q?: string } {
    return this.shown() === 'tenants' ? { tenants: true, q: this.search().trim() } : {};
  }

  private put(account: AccountView): void {
    this.accounts.update((all) => all?.map((one) => (one.id === account.id ? account : one)) ?? null);
  }

  private say(key: string, names: Record<string, string>, undo?: () => void): void {
    this.toasts.show(this.words.translate(`users.done.${key}`, names), undo);
  }

  private async doing(work: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      await work();
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.toasts.show(Object.values(failure.fields)[0]?.[0] ?? this.failed(failure));
    } finally {
      this.busy.set(false);
    }
  }
}

import { Component, computed, inject, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { deleteTeam } from '@mu/shared/api/generated/fn/teams/delete-team';
import { handOverProperties } from '@mu/shared/api/generated/fn/teams/hand-over-properties';
import { listAreas } from '@mu/shared/api/generated/fn/teams/list-areas';
import { listTeams } from '@mu/shared/api/generated/fn/teams/list-teams';
import { nameHeadOfService } from '@mu/shared/api/generated/fn/teams/name-head-of-service';
import { listAccounts } from '@mu/shared/api/generated/fn/users/list-accounts';
import type { AccountView, TeamArea, TeamList, TeamView } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { TeamForm } from './team-form';

/** A town's part with all its properties, whoever looks after them. */
interface Area {
  readonly key: string;
  readonly town: string;
  readonly outward: string;
  readonly properties: number;
  readonly with: readonly { team: string; properties: number }[];
}

/** Teams, the areas they look after, and who answers for the service. */
@Component({
  selector: 'mu-teams-page',
  imports: [Counted, EmptyState, ErrorState, Icon, RecordDialog, Skeleton, TeamForm, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './teams-page.html',
})
export class TeamsPage {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();

  protected readonly teams = signal<TeamList | null>(null);
  protected readonly people = signal<readonly AccountView[]>([]);
  protected readonly found = signal<readonly TeamArea[]>([]);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly busy = signal(false);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly edited = signal<TeamView | 'new' | null>(null);
  protected readonly chosen = signal<ReadonlySet<string>>(new Set());
  protected readonly colleagues = computed(() => this.people().filter(({ actsFor, status }) => actsFor === null && status === 'active'));
  protected readonly areas = computed<readonly Area[]>(() => {
    const areas = Map.groupBy(this.found(), ({ town, outward }) => `${town} ${outward}`);
    return [...areas].map(([key, parts]) => ({
      key,
      town: parts[0]?.town ?? '',
      outward: parts[0]?.outward ?? '',
      properties: parts.reduce((sum, { properties }) => sum + properties, 0),
      with: parts.map(({ teamId, properties }) => ({ team: this.nameOf(teamId), properties })),
    }));
  });

  constructor() {
    void this.load();
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      const [teams, areas, people] = await Promise.all([this.api.call(listTeams, {}), this.api.call(listAreas, {}), this.api.call(listAccounts, {})]);
      this.people.set(people.items);
      this.teams.set(teams);
      this.found.set(areas.items);
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected leadOf({ leadId, members }: TeamView): string | null {
    return members.find(({ id }) => id === leadId)?.name ?? null;
  }

  protected namesOf({ members }: TeamView): string {
    return members.map(({ id, name }) => (this.isShutOut(id) ? this.words.translate('users.shutOut', { name }) : name)).join(', ');
  }

  /** Whoever may no longer sign in looks after nothing, and leads nobody. */
  protected isShutOut(id: string | null): boolean {
    return this.people().some((one) => one.id === id && one.status === 'disabled');
  }

  protected nameOf(teamId: string | null): string {
    return this.teams()?.items.find(({ id }) => id === teamId)?.name ?? this.words.translate('users.nobodys');
  }

  protected choose(key: string, isChosen: boolean): void {
    this.chosen.update((chosen) => new Set(isChosen ? [...chosen, key] : [...chosen].filter((one) => one !== key)));
  }

  protected chooseAll(isChosen: boolean): void {
    this.chosen.set(new Set(isChosen ? this.areas().map(({ key }) => key) : []));
  }

  protected askHandOver(teamId: string): void {
    const chosen = this.areas().filter(({ key }) => this.chosen().has(key));
    if (!chosen.length) return;
    const areas = chosen.map(({ town, outward }) => ({ town, outward }));
    const team = this.nameOf(teamId || null);
    this.form.set({
      title: 'users.handOverTitle', text: 'users.handOverText', submit: 'users.giveTo',
      names: { team, count: chosen.reduce((sum, { properties }) => sum + properties, 0) }, fields: [], values: {},
      save: async () => {
        const { properties } = await this.api.call(handOverProperties, { body: { teamId: teamId || null, areas } });
        this.chosen.set(new Set());
        this.toasts.show(this.words.translate('users.done.handedOver', { team, count: properties }));
        void this.load();
      },
    });
  }

  protected nameHead(userId: string): void {
    void this.doing(async () => {
      this.teams.set(await this.api.call(nameHeadOfService, { body: { userId: userId || null } }));
      this.toasts.show(this.words.translate('users.done.headNamed', { name: this.teams()?.headOfService?.name ?? '' }));
    });
  }

  protected dissolution(team: TeamView): RecordForm {
    return {
      title: 'users.dissolveTitle', text: 'users.dissolveText', submit: 'users.dissolve', names: { name: team.name }, fields: [], values: {},
      save: async () => {
        await this.api.call(deleteTeam, { team_id: team.id, 'if-match': etag(team) });
        this.toasts.show(this.words.translate('users.done.teamDeleted', { name: team.name }));
        void this.load();
      },
      seen: () => {
        this.form.set(null);
        this.toasts.show(this.words.translate('unsaved.lookAgain'));
        void this.load();
        return {};
      },
    };
  }

  protected saved(name: string): void {
    this.edited.set(null);
    this.toasts.show(this.words.translate('users.done.teamSaved', { name }));
    void this.load();
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

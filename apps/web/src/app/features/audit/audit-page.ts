import { Component, DOCUMENT, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { exportAudit } from '@mu/shared/api/generated/fn/audit/export-audit';
import { listAuditEntries } from '@mu/shared/api/generated/fn/audit/list-audit-entries';
import { readAuditEntry } from '@mu/shared/api/generated/fn/audit/read-audit-entry';
import { listUsers } from '@mu/shared/api/generated/fn/users/list-users';
import type { AuditEntry, StaffMember } from '@mu/shared/api/generated/models';
import { failureWords, knownWords } from '@mu/shared/i18n/catalogue';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { moment } from '@mu/shared/ui/when';
import words from './en.json';
import { type Fact, factsOf, hasTexts } from './facts';
import { endOfDay, startOfDay } from './london-day';

/** Who did what, when and from where. The address of the page holds what is looked for. */
@Component({
  selector: 'mu-audit-page',
  imports: [EmptyState, ErrorState, Icon, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './audit-page.html',
})
export class AuditPage {
  readonly actor = input<string>();
  readonly action = input<string>();
  readonly subject = input<string>();
  readonly since = input<string>();
  readonly until = input<string>();

  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly catalogue = inject(TranslocoService);
  private readonly document = inject(DOCUMENT);
  private readonly now = inject(Now);
  private readonly known = knownWords();
  private readonly failed = failureWords();
  private readonly asked = computed(() => ({
    actorId: this.actor(),
    action: this.action(),
    subjectId: this.subject(),
    since: startOfDay(this.since()),
    until: endOfDay(this.until()),
  }));
  private cursor: string | null = null;
  private readonly texts = signal<Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>>({});

  protected readonly actions = Object.entries(words.action).sort(([, one], [, other]) => one.localeCompare(other));
  protected readonly people = signal<readonly StaffMember[]>([]);
  protected readonly entries = signal<readonly AuditEntry[] | null>(null);
  protected readonly hasMore = signal(false);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly busy = signal(false);
  protected readonly isFiltered = computed(() => Object.values(this.asked()).some((value) => value !== undefined));

  constructor() {
    void this.meet();
    effect(() => {
      this.asked();
      untracked(() => void this.load());
    });
  }

  protected async load(): Promise<void> {
    this.entries.set(null);
    this.broken.set(null);
    await this.add(null);
  }

  protected async older(): Promise<void> {
    if (!this.busy()) await this.add(this.cursor);
  }

  protected look(change: Partial<Record<'actor' | 'action' | 'subject' | 'since' | 'until', string>>): void {
    const queryParams = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value || null]));
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge' });
  }

  protected clear(): void {
    void this.router.navigate([], { queryParams: {} });
  }

  protected async takeAlong(): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      const found = await this.api.call(exportAudit, this.asked());
      const link = this.document.createElement('a');
      link.href = URL.createObjectURL(new Blob([found.content], { type: 'text/csv;charset=utf-8' }));
      link.download = found.fileName;
      link.click();
      URL.revokeObjectURL(link.href);
      const told = found.isComplete ? `audit.exported.${found.rows === 1 ? 'one' : 'other'}` : 'audit.exportCut';
      this.toasts.show(this.catalogue.translate(told, { count: found.rows }));
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }

  protected who({ actor, keyId }: AuditEntry): string {
    return actor ? (actor.name ?? this.catalogue.translate('audit.unknown')) : this.catalogue.translate(keyId ? 'audit.program' : 'audit.system');
  }

  /** A new kind of thing has no words until somebody writes them: its own name does till then. */
  protected what(action: string): string {
    return this.known(`audit.action.${action}`) ?? action.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  }

  protected when({ at }: AuditEntry): string {
    return moment(at, this.now.at());
  }

  /** Whether names or numbers were changed, which the log keeps sealed until somebody asks for them. */
  protected isSilent(entry: AuditEntry): boolean {
    return hasTexts(entry.data) && !(entry.id in this.texts());
  }

  protected async open(entry: AuditEntry): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      const { values } = await this.api.call(readAuditEntry, { entry_id: entry.id });
      this.texts.update((before) => ({ ...before, [entry.id]: values }));
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }

  protected facts(entry: AuditEntry): readonly Fact[] {
    const changes: unknown = entry.data['changes'];
    const texts = this.texts()[entry.id];
    const data = texts && typeof changes === 'object' ? { ...entry.data, changes: { ...changes, ...texts } } : entry.data;
    return factsOf(data, (key, facts) => this.catalogue.translate(`audit.${key}`, facts));
  }

  private async add(cursor: string | null): Promise<void> {
    const asked = this.asked();
    this.busy.set(true);
    try {
      const page = await this.api.call(listAuditEntries, { ...asked, ...(cursor === null ? {} : { cursor }) });
      if (asked !== this.asked()) return;
      this.entries.update((before) => [...(cursor === null ? [] : (before ?? [])), ...page.items]);
      this.cursor = page.nextCursor;
      this.hasMore.set(page.nextCursor !== null);
    } catch (thrown) {
      if (asked === this.asked()) this.broken.set(toFailure(thrown));
    } finally {
      this.busy.set(false);
    }
  }

  private async meet(): Promise<void> {
    try {
      this.people.set((await this.api.call(listUsers, {})).items);
    } catch {
      this.people.set([]); // whoever may read the log alone looks for things by kind and time
    }
  }
}

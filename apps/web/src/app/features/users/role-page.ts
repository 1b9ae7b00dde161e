import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { changeRole } from '@mu/shared/api/generated/fn/roles/change-role';
import { deleteRole } from '@mu/shared/api/generated/fn/roles/delete-role';
import { readRole } from '@mu/shared/api/generated/fn/roles/read-role';
import type { Permission, RoleView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import type { Unsaved } from '@mu/shared/ui/unsaved/unsaved';
import { GROUPS, type Matrix, type Reach, changed, grantsOf, matrixOf, merged, same } from './matrix';
import { roleNames } from './role-name';

/** One role as a matrix: each permission, and how far it reaches. A built-in one is looked at; a copy is changed. */
@Component({
  selector: 'mu-role-page',
  imports: [Counted, ErrorState, Icon, RecordDialog, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block', '(window:beforeunload)': 'isUnsaved() && $event.preventDefault()' },
  templateUrl: './role-page.html',
})
export class RolePage implements Unsaved {
  readonly roleId = input.required<string>();

  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();

  protected readonly named = roleNames();
  protected readonly role = signal<RoleView | null>(null);
  protected readonly name = signal('');
  protected readonly matrix = signal<Matrix>({});
  protected readonly search = signal('');
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly wrong = signal<Readonly<Record<string, readonly string[]>>>({});
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly mayChange = computed(() => this.role()?.isBuiltIn === false && this.session.can('roles:manage'));
  protected readonly isChanged = computed(() => {
    const role = this.role();
    return role !== null && (this.name().trim() !== role.name || !same(this.matrix(), matrixOf(role.grants)));
  });
  protected readonly groups = computed(() => {
    const wanted = this.search().trim().toLocaleLowerCase('en-GB');
    return GROUPS.map((group) => {
      const resource = this.words.translate(`users.resource.${group.resource}`);
      const permissions = group.permissions
        .map((one) => ({ ...one, words: this.words.translate(`users.action.${one.action}`) }))
        .filter((one) => `${resource} ${one.words} ${one.permission}`.toLocaleLowerCase('en-GB').includes(wanted));
      return { resource: group.resource, words: resource, permissions, held: group.permissions.filter(({ permission }) => this.matrix()[permission]).length, all: group.permissions.length };
    }).filter(({ permissions }) => permissions.length);
  });

  constructor() {
    effect(() => {
      this.roleId();
      untracked(() => void this.load());
    });
  }

  isUnsaved(): boolean {
    return this.mayChange() && this.isChanged();
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    this.role.set(null);
    try {
      this.show(await this.api.call(readRole, { role_id: this.roleId() }));
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected reach(permission: Permission, reach: string): void {
    this.matrix.update((matrix) => changed(matrix, permission, reach as Reach));
  }

  protected async save(): Promise<void> {
    const role = this.role();
    if (!role || !this.isChanged()) return;
    await this.doing(async () => {
      const body = { name: this.name().trim(), grants: grantsOf(this.matrix()) };
      this.show(await this.api.call(changeRole, { role_id: role.id, 'if-match': etag(role), body }));
      this.toasts.show(this.words.translate('users.done.roleSaved', { name: this.name() }));
    });
  }

  protected removal(role: RoleView): RecordForm {
    return {
      title: 'users.deleteRoleTitle', text: 'users.deleteRoleText', submit: 'users.deleteRole', names: { name: role.name }, fields: [], values: {},
      save: async () => {
        await this.api.call(deleteRole, { role_id: role.id, 'if-match': etag(role) });
        this.toasts.show(this.words.translate('users.done.roleDeleted', { name: role.name }));
        this.show(role);
        void this.router.navigateByUrl('/users/roles');
      },
      seen: () => {
        this.form.set(null);
        this.toasts.show(this.words.translate('unsaved.lookAgain'));
        void this.load();
        return {};
      },
    };
  }

  private show(role: RoleView): void {
    this.role.set(role);
    this.name.set(role.name);
    this.matrix.set(matrixOf(role.grants));
  }

  private takeOver(before: RoleView, current: RoleView): void {
    if (this.name().trim() === before.name) this.name.set(current.name);
    this.matrix.set(merged(this.matrix(), matrixOf(before.grants), matrixOf(current.grants)));
    this.role.set(current);
  }

  private async doing(work: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    this.wrong.set({});
    try {
      await work();
    } catch (thrown) {
      const failure = toFailure(thrown);
      const current = failure.details['current'] as RoleView | undefined;
      const before = this.role();
      if (current && before) this.takeOver(before, current);
      this.wrong.set(failure.fields);
      this.failure.set(current ? this.words.translate('record.changed') : failure.fields['grants']?.[0] ?? (Object.keys(failure.fields).length ? null : this.failed(failure)));
    } finally {
      this.busy.set(false);
    }
  }
}

import { Component, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { createRole } from '@mu/shared/api/generated/fn/roles/create-role';
import { listRoles } from '@mu/shared/api/generated/fn/roles/list-roles';
import type { RoleView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { roleNames } from './role-name';

/** The roles that every organisation has, and its own beside them. */
@Component({
  selector: 'mu-roles-page',
  imports: [Counted, ErrorState, Icon, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  template: `
    <p class="max-w-2xl text-muted">{{ 'users.rolesText' | transloco }}</p>
    @if (broken(); as failure) {
      <mu-error-state [heading]="'users.failed' | transloco" [failure]="failure" (retry)="load()" />
    } @else if (roles(); as all) {
      <ul class="mt-4 divide-y divide-hairline rounded-md border border-hairline">
        @for (one of all; track one.id) {
          <li class="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
            <mu-icon [name]="one.isBuiltIn ? 'lock' : 'edit'" class="text-muted" />
            <div class="min-w-0 flex-1 basis-48">
              <a class="font-medium text-accent hover:underline" [routerLink]="['/users/roles', one.id]">{{ named(one.name) }}</a>
              <p class="text-xs text-muted">{{ 'users.grants' | counted: one.grants.length }} · {{ 'users.holders' | counted: one.holders }} · {{ (one.isBuiltIn ? 'users.builtIn' : 'users.ownRole') | transloco }}</p>
            </div>
            @if (mayManage()) {
              <button type="button" class="mu-button" [disabled]="busy()" (click)="copy(one)"><mu-icon name="copy" size="16" />{{ 'users.copy' | transloco }}</button>
            }
          </li>
        }
      </ul>
    } @else {
      <div class="mt-4 flex flex-col gap-3">@for (row of [1, 2, 3, 4, 5, 6]; track row) { <mu-skeleton height="3rem" /> }</div>
    }
  `,
})
export class RolesPage {
  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();

  protected readonly named = roleNames();
  protected readonly roles = signal<readonly RoleView[] | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly busy = signal(false);

  constructor() {
    void this.load();
  }

  protected mayManage(): boolean {
    return this.session.can('roles:manage');
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      this.roles.set((await this.api.call(listRoles, {})).items);
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected async copy(role: RoleView): Promise<void> {
    this.busy.set(true);
    try {
      const name = this.free(this.words.translate('users.copyOf', { name: this.named(role.name) }));
      const made = await this.api.call(createRole, { body: { name, like: role.id, grants: role.grants } });
      await this.router.navigate(['/users/roles', made.id]);
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }

  /** "Copy of Manager", then "Copy of Manager 2". */
  private free(name: string): string {
    const taken = new Set((this.roles() ?? []).map((role) => role.name.toLocaleLowerCase('en-GB')));
    let free = name;
    for (let number = 2; taken.has(free.toLocaleLowerCase('en-GB')); number++) free = `${name} ${number.toString()}`;
    return free;
  }
}

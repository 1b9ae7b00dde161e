import { Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import type { HeldOrganisation } from '@mu/shared/api/generated/models';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { day } from '@mu/shared/ui/when';
import { PlatformApi, newOrganisation } from './platform-api';

/** Every organisation of the installation: what it is and how much it has, and nothing of what is in it. */
@Component({
  selector: 'mu-organisations-page',
  imports: [EmptyState, ErrorState, Icon, RecordDialog, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  template: `
    <div class="mx-auto max-w-5xl px-4 py-6">
      <div class="flex flex-wrap items-start justify-between gap-3">
        <div class="min-w-0 flex-1 basis-72">
          <h1 class="text-lg">{{ 'platform.organisations' | transloco }}</h1>
          <p class="text-muted">{{ 'platform.lead' | transloco }}</p>
        </div>
        <button type="button" class="mu-button mu-button-filled" (click)="form.set(create)"><mu-icon name="plus" size="16" />{{ 'platform.create' | transloco }}</button>
      </div>
      @if (broken(); as failure) {
        <mu-error-state [heading]="'platform.failed' | transloco" [failure]="failure" (retry)="load()" />
      } @else if (all(); as found) {
        <label class="mt-5 block">
          <span class="sr-only">{{ 'platform.search' | transloco }}</span>
          <input #box type="search" class="mu-field" autocomplete="off" [placeholder]="'platform.search' | transloco" (input)="wanted.set(box.value)" />
        </label>
        <ul class="mt-3 divide-y divide-hairline border-y border-hairline">
          @for (one of shown(); track one.id) {
            <li>
              <a class="flex min-h-15 flex-wrap items-center gap-x-4 gap-y-1 px-2 py-2 -outline-offset-2 hover:bg-hover" [routerLink]="['/platform', one.id]">
                <span class="min-w-0 flex-1 basis-60">
                  <span class="block truncate font-medium">{{ one.name }}</span>
                  <span class="block text-xs text-muted">{{ 'platform.kinds.' + one.kind | transloco }} · {{ 'nation.' + one.nation | transloco }}@if (isCalledLikeAnother(one)) { · {{ 'platform.created' | transloco }} {{ on(one.createdAt) }}}</span>
                </span>
                @if (one.waitsUntil) { <span class="flex items-center gap-1.5 text-xs font-medium text-due-soon"><mu-icon name="clock" size="14" />{{ 'platform.waits' | transloco }}</span> }
                @if (one.suspendedAt) { <span class="flex items-center gap-1.5 text-xs font-medium text-overdue"><mu-icon name="ban" size="14" />{{ 'platform.suspended' | transloco }}</span> }
                <span class="text-xs text-muted tabular-nums" [class.hidden]="one.waitsUntil">{{ 'platform.has' | transloco: { homes: number(one.homes), users: number(one.users) } }}</span>
              </a>
            </li>
          } @empty {
            <li><mu-empty-state icon="building" [heading]="'platform.noneFound' | transloco" [text]="(found.length ? 'platform.noneFoundText' : 'platform.noneText') | transloco" /></li>
          }
        </ul>
      } @else {
        <div class="mt-5 flex flex-col gap-2"><mu-skeleton height="3.5rem" /><mu-skeleton height="3.5rem" /><mu-skeleton height="3.5rem" /></div>
      }
    </div>
    @if (form(); as form) { <mu-record-dialog [form]="form" (closed)="this.form.set(null)" /> }
  `,
})
export class OrganisationsPage {
  private readonly api = inject(PlatformApi);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly now = inject(Now);

  protected readonly all = signal<readonly HeldOrganisation[] | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly wanted = signal('');
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly create = newOrganisation(this.api, ({ id }, email) => {
    this.toasts.show(this.words.translate('platform.invitedToast', { email }));
    void this.router.navigate(['/platform', id]);
  });
  protected readonly shown = computed(() => {
    const wanted = this.wanted().trim().toLocaleLowerCase('en-GB');
    return (this.all() ?? []).filter(({ name }) => name.toLocaleLowerCase('en-GB').includes(wanted));
  });

  constructor() {
    void this.load();
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      this.all.set((await this.api.all()).items);
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  /** Two may have one name: then each says since when it is here. */
  protected isCalledLikeAnother({ id, name }: HeldOrganisation): boolean {
    const called = name.toLocaleLowerCase('en-GB');
    return (this.all() ?? []).some((other) => other.id !== id && other.name.toLocaleLowerCase('en-GB') === called);
  }

  protected on(moment: string): string {
    return day(moment, this.now.at());
  }

  protected number(count: number): string {
    return count.toLocaleString('en-GB');
  }
}

import { Component, effect, inject, input, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { listApiKeys } from '@mu/shared/api/generated/fn/api-keys/list-api-keys';
import { revokeApiKey } from '@mu/shared/api/generated/fn/api-keys/revoke-api-key';
import type { ApiKeyView } from '@mu/shared/api/generated/models';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Toasts } from '@mu/shared/ui/toasts';

/** The API keys that somebody made who may no longer sign in: they act for the organisation and work on until revoked. */
@Component({
  selector: 'mu-keys-left',
  imports: [Icon, RecordDialog, TranslocoPipe],
  host: { class: 'block sm:col-span-2 empty:hidden' },
  template: `
    @if (keys().length) {
      <section class="rounded-md bg-due-soon-soft px-3 py-2.5" [attr.aria-label]="'users.keysLeft' | transloco: { name: name() }">
        <p class="flex items-start gap-2 font-medium text-due-soon"><mu-icon name="alert" size="16" class="mt-0.5" />{{ 'users.keysLeft' | transloco: { name: name() } }}</p>
        <p class="text-due-soon">{{ 'users.keysLeftText' | transloco }}</p>
        <ul class="mt-2 divide-y divide-hairline">
          @for (key of keys(); track key.id) {
            <li class="flex flex-wrap items-center justify-between gap-2 py-1.5">
              <span class="min-w-0"><span class="block truncate">{{ key.name }}</span><span class="block font-mono text-xs text-muted">{{ key.shown }}…</span></span>
              <button type="button" class="mu-button" [attr.aria-label]="'users.revokeKeyOf' | transloco: { name: key.name }" (click)="form.set(revocation(key))">{{ 'users.revokeKey' | transloco }}</button>
            </li>
          }
        </ul>
      </section>
    }
    @if (form(); as form) { <mu-record-dialog [form]="form" (closed)="this.form.set(null)" /> }
  `,
})
export class KeysLeft {
  readonly userId = input.required<string>();
  readonly name = input.required<string>();

  private readonly api = inject(Api);
  private readonly now = inject(Now);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);

  protected readonly keys = signal<readonly ApiKeyView[]>([]);
  protected readonly form = signal<RecordForm | null>(null);

  constructor() {
    effect(() => void this.load(this.userId()));
  }

  /** Asks first: a revoked key never works again. */
  protected revocation(key: ApiKeyView): RecordForm {
    const names = { name: key.name };
    return {
      title: 'users.revokeKeyTitle', text: 'users.revokeKeyText', submit: 'users.revokeKey', names, fields: [], values: {},
      save: async () => {
        await this.api.call(revokeApiKey, { key_id: key.id });
        this.keys.update((all) => all.filter(({ id }) => id !== key.id));
        this.toasts.show(this.words.translate('users.keyRevoked', names));
      },
    };
  }

  private async load(userId: string): Promise<void> {
    const { items } = await this.api.call(listApiKeys, {}).catch(() => ({ items: [] }));
    this.keys.set(items.filter(({ createdById, revokedAt, expiresAt }) => createdById === userId && revokedAt === null && new Date(expiresAt) > this.now.at()));
  }
}

import { type ElementRef, Component, computed, inject, signal, viewChild } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { listApiKeys } from '@mu/shared/api/generated/fn/api-keys/list-api-keys';
import { makeApiKey } from '@mu/shared/api/generated/fn/api-keys/make-api-key';
import { revokeApiKey } from '@mu/shared/api/generated/fn/api-keys/revoke-api-key';
import type { ApiKeyList, ApiKeyView, MadeApiKey, NewApiKey, Permission } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { copies } from '@mu/shared/ui/copies';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { day, relative } from '@mu/shared/ui/when';

const LIFETIMES = [30, 90, 365] as const;

/** The keys that an organisation's own programs work with. */
@Component({
  selector: 'mu-api-keys-page',
  imports: [EmptyState, ErrorState, Icon, ReactiveFormsModule, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './api-keys-page.html',
})
export class ApiKeysPage {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly copies = copies();
  private readonly words = inject(TranslocoService);
  private readonly now = inject(Now);
  private readonly failed = failureWords();
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly fields = signal<Readonly<Record<string, readonly string[]>>>({});
  private intention = '';

  protected readonly keys = signal<ApiKeyList | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly filling = signal(false);
  protected readonly made = signal<MadeApiKey | null>(null);
  protected readonly leaving = signal<ApiKeyView | null>(null);
  protected readonly chosen = signal<ReadonlySet<Permission>>(new Set());
  protected readonly grantable = computed(() => this.keys()?.grantable ?? []);
  protected readonly lifetimes = LIFETIMES;
  protected readonly form = new FormGroup({
    name: new FormControl('', { nonNullable: true }),
    days: new FormControl<NewApiKey['days']>(90, { nonNullable: true }),
  });

  constructor() {
    void this.load();
  }

  protected wrong(field: string): string | null {
    return this.fields()[field]?.[0] ?? null;
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      this.keys.set(await this.api.call(listApiKeys, {}));
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected begin(): void {
    this.intention = crypto.randomUUID();
    this.made.set(null);
    this.failure.set(null);
    this.fields.set({});
    this.form.reset();
    this.chosen.set(new Set(this.grantable().includes('tickets:read') ? ['tickets:read'] : []));
    this.filling.set(true);
  }

  protected choose(permission: Permission, isChosen: boolean): void {
    const chosen = new Set(this.chosen());
    if (isChosen) chosen.add(permission);
    else chosen.delete(permission);
    this.chosen.set(chosen);
  }

  protected async make(): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    this.fields.set({});
    try {
      const body = { ...this.form.getRawValue(), permissions: [...this.chosen()] };
      this.made.set(await this.api.call(makeApiKey, { body }, this.intention));
      this.filling.set(false);
      await this.load();
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.intention = crypto.randomUUID();
      this.fields.set(failure.fields);
      this.failure.set(Object.keys(failure.fields).length ? null : this.failed(failure));
    } finally {
      this.busy.set(false);
    }
  }

  protected async copy(key: string): Promise<void> {
    await this.copies(key, this.words.translate('api-keys.copied'));
  }

  protected ask(key: ApiKeyView): void {
    this.leaving.set(key);
    this.failure.set(null);
    this.dialog().nativeElement.showModal();
  }

  protected async revoke(): Promise<void> {
    const key = this.leaving();
    if (!key || this.busy()) return;
    this.busy.set(true);
    try {
      await this.api.call(revokeApiKey, { key_id: key.id });
      this.dialog().nativeElement.close();
      this.toasts.show(this.words.translate('api-keys.revoked'));
      await this.load();
    } catch (thrown) {
      this.failure.set(this.failed(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }

  protected isOpen(key: ApiKeyView): boolean {
    return key.revokedAt === null && new Date(key.expiresAt) > this.now.at();
  }

  /** Until when it works, or since when it does not. */
  protected life(key: ApiKeyView): string {
    const [words, at] = key.revokedAt !== null ? ['was-revoked', key.revokedAt] : [this.isOpen(key) ? 'until' : 'ran-out', key.expiresAt];
    return this.words.translate(`api-keys.${words}`, { date: day(at, this.now.at()) });
  }

  protected use({ lastUsedAt }: ApiKeyView): string {
    return lastUsedAt === null
      ? this.words.translate('api-keys.unused')
      : this.words.translate('api-keys.used', { when: relative(lastUsedAt, this.now.at()) });
  }
}

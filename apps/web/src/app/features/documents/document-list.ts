import { type ElementRef, Component, DestroyRef, computed, effect, inject, input, signal, untracked, viewChild } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { DocumentView } from '@mu/shared/api/generated/models';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { day } from '@mu/shared/ui/when';
import words from './en.json';
import { DocumentApi, type Holder } from './document-api';
import { type Place, changedDocument, newDocument } from './document-forms';
import { DocumentViewer } from './document-viewer';

const LARGEST = 20 * 1024 * 1024;
const LOOK_AGAIN = 1_500;
const SOON = 60 * 24 * 60 * 60 * 1_000;

/** A file of one's own on its way, or why it did not go. */
interface Sending {
  readonly document: DocumentView;
  readonly file: File;
  readonly part: number;
  readonly failure: ApiFailure | null;
}

/** The documents of a building or of a firm: what each is, until when it holds, and its pages to look at. */
@Component({
  selector: 'mu-document-list',
  imports: [DocumentViewer, Icon, RecordDialog, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  template: `
    <section class="flex flex-col gap-3" aria-labelledby="documents">
      <div class="flex items-center justify-between gap-3">
        <h2 id="documents" class="text-base">{{ 'documents.title' | transloco }}</h2>
        @if (mayWrite()) {
          <button type="button" class="mu-button" (click)="files.click()"><mu-icon name="plus" size="16" />{{ 'documents.add' | transloco }}</button>
          <input #files type="file" class="hidden" tabindex="-1" accept="application/pdf,.pdf,image/jpeg,image/png,image/webp,image/heic,.heic" [attr.aria-label]="'documents.add' | transloco" (change)="picked(files)" />
        }
      </div>
      <p class="sr-only" role="status">{{ news() }}</p>
      @if (notice(); as key) { <p class="text-overdue" role="alert">{{ key | transloco }}</p> }
      @if (failure(); as failure) {
        <p class="text-overdue" role="alert">{{ failed(failure) }} <button type="button" class="text-accent underline underline-offset-2" (click)="load()">{{ 'ui.tryAgain' | transloco }}</button></p>
      } @else if (documents(); as all) {
        <ul class="divide-y divide-hairline rounded-md border border-hairline empty:hidden">
          @for (one of all; track one.id) {
            @let way = sending(one);
            <li class="flex flex-wrap items-start gap-x-3 gap-y-1 px-3.5 py-2.5">
              <mu-icon name="file" size="16" class="mt-1 text-muted" />
              <div class="min-w-0 flex-1 basis-40">
                @if (one.state === 'ready') {
                  <button type="button" class="block max-w-full text-left font-medium wrap-anywhere text-accent hover:underline" [attr.data-document]="one.id" (click)="viewed.set(one)">{{ one.title }}</button>
                } @else {
                  <p class="font-medium wrap-anywhere">{{ one.title }}</p>
                }
                <p class="text-xs text-muted">{{ about(one) }}</p>
                @if (way?.failure; as failure) {
                  <p class="text-xs text-overdue" role="alert">{{ failed(failure) }}
                    <button type="button" class="min-h-6 text-accent underline underline-offset-2" (click)="send(way!.document, way!.file)">{{ 'ui.tryAgain' | transloco }}</button>
                  </p>
                } @else if (way) {
                  <p class="flex items-center gap-2 text-xs text-muted"><progress class="w-32" max="1" [value]="way.part" [attr.aria-label]="'documents.sending' | transloco: { title: one.title }"></progress>{{ 'documents.part' | transloco: { percent: percent(way) } }}</p>
                } @else if (one.state === 'received') {
                  <p class="flex items-center gap-1.5 text-xs text-muted"><mu-icon name="wait" size="14" class="motion-safe:animate-[mu-breathe_1.6s_ease-in-out_infinite]" />{{ drawing(one) }}</p>
                } @else if (one.state === 'expected') {
                  <p class="text-xs text-muted">{{ 'documents.expected' | transloco }}</p>
                } @else if (one.state === 'refused') {
                  <p class="flex items-start gap-1.5 text-xs text-overdue"><mu-icon name="alert" size="14" class="mt-0.5" />{{ 'documents.refusal.' + one.refusal | transloco }}</p>
                }
              </div>
              @if (expiry(one); as expiry) {
                <span class="flex min-h-6 items-center gap-1 text-xs" [class]="expiry.colour"><mu-icon size="14" [name]="expiry.icon" />{{ expiry.words }}</span>
              }
              @if (mayWrite()) {
                <span class="flex gap-3 text-xs">
                  <button type="button" class="min-h-6 text-accent hover:underline" [attr.aria-label]="'documents.changeOf' | transloco: { title: one.title }" (click)="form.set(change(one))">{{ 'record.edit' | transloco }}</button>
                  <button type="button" class="min-h-6 text-accent hover:underline" [attr.aria-label]="'documents.removeOf' | transloco: { title: one.title }" (click)="remove(one)">{{ 'documents.remove' | transloco }}</button>
                </span>
              }
            </li>
          }
        </ul>
        @if (!all.length) { <p class="text-muted">{{ (mayWrite() ? 'documents.noneYet' : 'documents.none') | transloco }}</p> }
      } @else {
        <mu-skeleton height="3.5rem" />
      }
    </section>
    @if (form(); as form) { <mu-record-dialog [form]="form" (saved)="load()" (closed)="this.form.set(null)" /> }
    @if (viewed(); as document) { <mu-document-viewer [document]="document" (closed)="closed(document)" /> }
  `,
})
export class DocumentList {
  readonly property = input<string | null>(null);
  readonly contractor = input<string | null>(null);
  /** What of a building a document may be about. */
  readonly places = input<readonly Place[]>([]);

  private readonly api = inject(DocumentApi);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly now = inject(Now);
  private readonly catalogue = inject(TranslocoService);
  private readonly files = viewChild<ElementRef<HTMLElement>>('files');
  private readonly underway = signal<readonly Sending[]>([]);
  private again: ReturnType<typeof setTimeout> | undefined;

  protected readonly failed = failureWords();
  protected readonly documents = signal<readonly DocumentView[] | null>(null);
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly notice = signal<string | null>(null);
  protected readonly news = signal('');
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly viewed = signal<DocumentView | null>(null);
  protected readonly mayWrite = computed(() => this.session.can('properties:write') && (this.contractor() === null || this.session.can('contractors:manage')));
  private readonly holder = computed<Holder>(() => {
    const contractor = this.contractor();
    return contractor === null ? { property: this.property() ?? '' } : { contractor };
  });

  constructor() {
    addWords({ documents: words });
    effect(() => {
      this.holder();
      untracked(() => {
        this.documents.set(null);
        this.underway.set([]);
        void this.load();
      });
    });
    inject(DestroyRef).onDestroy(() => { clearTimeout(this.again); });
  }

  protected async load(): Promise<void> {
    const holder = this.holder();
    clearTimeout(this.again);
    this.failure.set(null);
    try {
      const found = await this.api.list(holder);
      if (holder !== this.holder()) return;
      this.tell(found);
      this.documents.set(found);
      if (found.some(({ state }) => state === 'received')) this.again = setTimeout(() => void this.load(), LOOK_AGAIN);
    } catch (thrown) {
      if (holder !== this.holder()) return;
      if (this.documents() === null) this.failure.set(toFailure(thrown));
      else this.again = setTimeout(() => void this.load(), LOOK_AGAIN * 4);
    }
  }

  protected picked(input: HTMLInputElement): void {
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    this.notice.set(file.size > LARGEST ? 'documents.tooLarge' : null);
    if (file.size > LARGEST) return;
    this.form.set(newDocument(this.api, file, this.property(), this.contractor(), this.places(), (document) => void this.send(document, file)));
  }

  protected async send(document: DocumentView, file: File): Promise<void> {
    const put = (to: Sending | null): void => {
      this.underway.update((all) => [...all.filter((one) => one.document.id !== document.id), ...(to ? [to] : [])]);
    };
    put({ document, file, part: 0, failure: null });
    try {
      await this.api.send(document.id, file, (part) => { put({ document, file, part, failure: null }); });
      await this.load();
      put(null);
    } catch (thrown) {
      put({ document, file, part: 0, failure: toFailure(thrown) });
    }
  }

  protected async remove(one: DocumentView): Promise<void> {
    try {
      await this.api.withdraw(one.id);
      this.toasts.show(this.words('removed', { title: one.title }), () => void this.bringBack(one));
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    }
    this.files()?.nativeElement.parentElement?.querySelector('button')?.focus();
    await this.load();
  }

  protected sending(document: DocumentView): Sending | undefined {
    return this.underway().find((one) => one.document.id === document.id);
  }

  protected percent({ part }: Sending): number {
    return Math.round(part * 100);
  }

  protected change(one: DocumentView): RecordForm {
    return changedDocument(this.api, one);
  }

  protected about(one: DocumentView): string {
    const place = this.places().find(({ value }) => value === placeOf(one))?.words;
    const pages = one.state === 'ready' && one.pageCount ? this.words(one.pageCount === 1 ? 'onePage' : 'pages', { count: one.pageCount }) : null;
    const dated = one.datedOn && day(one.datedOn, this.now.at());
    const shown = one.audiences.length ? this.words('shownTo', { who: one.audiences.map((who) => this.words(`audienceShort.${who}`)).join(', ') }) : null;
    return [this.words(`kind.${one.kind}`), place, dated, pages, shown].filter(Boolean).join(' · ');
  }

  protected drawing({ pageCount, pagesDrawn }: DocumentView): string {
    return pageCount === null ? this.words('received') : this.words('drawing', { drawn: pagesDrawn, count: pageCount });
  }

  protected expiry({ expiresOn, state }: DocumentView): { readonly words: string; readonly colour: string; readonly icon: 'alert' | 'clock' | 'check-circle' } | null {
    if (expiresOn === null || state === 'refused') return null;
    const now = this.now.at();
    const on = day(expiresOn, now);
    const ends = Date.parse(`${expiresOn}T23:59:59Z`);
    if (ends < now.getTime()) return { words: this.words('expired', { day: on }), colour: 'text-overdue', icon: 'alert' };
    if (ends < now.getTime() + SOON) return { words: this.words('expires', { day: on }), colour: 'text-due-soon', icon: 'clock' };
    return { words: this.words('expires', { day: on }), colour: 'text-muted', icon: 'check-circle' };
  }

  /** The keyboard goes on from the document that was looked at. */
  protected closed(document: DocumentView): void {
    this.viewed.set(null);
    setTimeout(() => globalThis.document.querySelector<HTMLElement>(`[data-document="${document.id}"]`)?.focus());
  }

  private async bringBack(one: DocumentView): Promise<void> {
    try {
      await this.api.bringBack(one.id);
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    }
    await this.load();
  }

  private tell(found: readonly DocumentView[]): void {
    const before = new Map(this.documents()?.map(({ id, state }) => [id, state]));
    const done = found.find(({ id, state }) => before.get(id) === 'received' && state !== 'received');
    if (done) this.news.set(this.words(done.state === 'ready' ? 'nowReady' : 'nowRefused', { title: done.title }));
  }

  private words(key: string, facts: Readonly<Record<string, string | number>> = {}): string {
    return this.catalogue.translate(`documents.${key}`, facts);
  }
}

function placeOf({ assetId, tenancyId, unitId }: DocumentView): string | null {
  if (assetId) return `asset:${assetId}`;
  if (tenancyId) return `tenancy:${tenancyId}`;
  return unitId && `home:${unitId}`;
}

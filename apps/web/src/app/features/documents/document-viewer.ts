import { type ElementRef, Component, afterNextRender, computed, effect, inject, input, output, signal, untracked, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { DocumentView, OpenedDocument } from '@mu/shared/api/generated/models';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { DocumentApi } from './document-api';

const ZOOMS: readonly number[] = [50, 75, 100, 150, 200, 300];
const NOT_AGAIN_WITHIN = 10_000;

/** The pages of a document over the page, one at a time. Arrow keys turn them, + and − change their size, Esc leads back. */
@Component({
  selector: 'mu-document-viewer',
  imports: [ErrorState, Icon, Skeleton, TranslocoPipe],
  host: { '(keydown)': 'keyed($event)' },
  template: `
    <dialog #dialog class="m-0 h-dvh max-h-none w-dvw max-w-none rounded-none border-0 bg-paper" aria-labelledby="document-viewer-title" (close)="closed.emit()">
      <div class="flex h-full flex-col">
        <header class="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-hairline px-4 py-1.5">
          <h2 id="document-viewer-title" class="min-w-0 flex-1 truncate text-sm" [title]="document().title">{{ document().title }}</h2>
          <button #close type="button" class="mu-icon-button sm:order-last" [attr.aria-label]="'ui.close' | transloco" [title]="'ui.close' | transloco" (click)="dialog.close()"><mu-icon name="close" /></button>
          @if (count(); as count) {
            <div class="flex items-center gap-1 max-sm:w-full max-sm:justify-between">
              <span class="flex items-center gap-1">
                <!-- At an end a button stays where it is: a focus that vanished would begin at the top again. -->
                <button type="button" class="mu-icon-button aria-disabled:opacity-40" [attr.aria-disabled]="at() === 0" [attr.aria-label]="'documents.viewer.previous' | transloco" [title]="'documents.viewer.previous' | transloco" (click)="turn(-1)"><mu-icon name="arrow-left" /></button>
                <span class="min-w-20 text-center text-sm tabular-nums" aria-live="polite">{{ 'documents.viewer.page' | transloco: { number: at() + 1, of: count } }}</span>
                <button type="button" class="mu-icon-button aria-disabled:opacity-40" [attr.aria-disabled]="at() === count - 1" [attr.aria-label]="'documents.viewer.next' | transloco" [title]="'documents.viewer.next' | transloco" (click)="turn(1)"><mu-icon name="arrow-right" /></button>
              </span>
              <span class="flex items-center gap-1">
                <button type="button" class="mu-icon-button aria-disabled:opacity-40" [attr.aria-disabled]="zoom() === zooms[0]" [attr.aria-label]="'documents.viewer.smaller' | transloco" [title]="'documents.viewer.smaller' | transloco" (click)="resize(-1)"><mu-icon name="minus" /></button>
                <span class="min-w-12 text-center text-sm tabular-nums">{{ 'documents.viewer.size' | transloco: { percent: zoom() } }}</span>
                <button type="button" class="mu-icon-button aria-disabled:opacity-40" [attr.aria-disabled]="zoom() === zooms.at(-1)" [attr.aria-label]="'documents.viewer.larger' | transloco" [title]="'documents.viewer.larger' | transloco" (click)="resize(1)"><mu-icon name="plus" /></button>
              </span>
            </div>
          }
        </header>
        @if (failure(); as failure) {
          <mu-error-state [heading]="'documents.viewer.failed' | transloco" [failure]="failure" (retry)="load()" />
        } @else if (page(); as page) {
          <div #pane class="min-h-0 flex-1 overflow-auto bg-sunken p-3 sm:p-6" role="region" tabindex="0" [attr.aria-label]="'documents.viewer.page' | transloco: { number: at() + 1, of: count() }">
            <img
              class="mx-auto block max-w-none rounded-sm bg-[#fff] shadow-md"
              [style.width]="'min(' + zoom() / 100 + ' * 100%, ' + (zoom() / 100) * 60 + 'rem)'"
              [src]="page.url"
              [alt]="'documents.viewer.page' | transloco: { number: at() + 1, of: count() }"
              [attr.width]="page.width"
              [attr.height]="page.height"
              (error)="missing()"
            />
          </div>
        } @else {
          <div class="flex flex-1 flex-col items-center gap-4 p-6" aria-busy="true"><mu-skeleton width="min(100%, 40rem)" height="70vh" /></div>
        }
      </div>
    </dialog>
  `,
})
export class DocumentViewer {
  readonly document = input.required<DocumentView>();
  readonly closed = output();

  private readonly api = inject(DocumentApi);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly close = viewChild.required<ElementRef<HTMLElement>>('close');
  private readonly pane = viewChild<ElementRef<HTMLElement>>('pane');
  private readonly opened = signal<OpenedDocument | null>(null);
  private askedAt = 0;

  protected readonly zooms = ZOOMS;
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly at = signal(0);
  protected readonly zoom = signal(100);
  protected readonly count = computed(() => this.opened()?.pages.length ?? 0);
  protected readonly page = computed(() => this.opened()?.pages[this.at()] ?? null);

  constructor() {
    effect(() => {
      this.document();
      void untracked(() => this.load());
    });
    afterNextRender(() => {
      this.dialog().nativeElement.showModal();
      this.close().nativeElement.focus();
    });
  }

  protected async load(): Promise<void> {
    this.askedAt = Date.now();
    this.failure.set(null);
    try {
      this.opened.set(await this.api.open(this.document().id));
    } catch (thrown) {
      this.failure.set(toFailure(thrown));
    }
  }

  /** A page did not come: perhaps the machine slept, and its address has run out. */
  protected missing(): void {
    if (Date.now() - this.askedAt >= NOT_AGAIN_WITHIN) void this.load();
  }

  protected turn(by: number): void {
    const to = this.at() + by;
    if (to < 0 || to >= this.count()) return;
    this.at.set(to);
    this.pane()?.nativeElement.scrollTo({ top: 0 });
  }

  protected resize(by: number): void {
    this.zoom.update((now) => ZOOMS[Math.min(Math.max(ZOOMS.indexOf(now) + by, 0), ZOOMS.length - 1)] ?? now);
  }

  protected keyed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const scrolls = this.zoom() > 100 && event.target === this.pane()?.nativeElement;
    const keys: Readonly<Record<string, () => void>> = {
      ...(scrolls ? {} : { ArrowRight: () => { this.turn(1); }, ArrowLeft: () => { this.turn(-1); } }),
      PageDown: () => { this.turn(1); },
      PageUp: () => { this.turn(-1); },
      Home: () => { this.turn(-this.at()); },
      End: () => { this.turn(this.count() - 1 - this.at()); },
      '+': () => { this.resize(1); },
      '=': () => { this.resize(1); },
      '-': () => { this.resize(-1); },
      0: () => { this.zoom.set(100); },
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}

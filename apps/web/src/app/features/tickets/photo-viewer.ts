import { type ElementRef, Component, afterNextRender, computed, inject, output, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '@mu/shared/ui/icon';
import { photoWords } from './photo-words';
import { TicketPhotos } from './ticket-photos';

/** One photo over the page. Arrow keys lead to the others, Esc back to where it was opened. */
@Component({
  selector: 'mu-photo-viewer',
  imports: [Icon, TranslocoPipe],
  host: { '(keydown)': 'keyed($event)' },
  template: `
    <dialog
      #dialog
      class="m-0 h-dvh max-h-none w-dvw max-w-none rounded-none border-0 bg-paper"
      aria-labelledby="photo-viewer-title"
      (close)="closed.emit(last)"
    >
      @if (photos.viewed(); as photo) {
        <div class="flex h-full flex-col">
          <header class="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-0.5 border-b border-hairline px-4 py-1.5">
            <h2 id="photo-viewer-title" class="text-sm tabular-nums" aria-live="polite">
              {{ 'tickets.photos.place' | transloco: { number: at() + 1, of: photos.shown().length } }}
              <span class="sr-only">{{ words.taken(photo) }}</span>
            </h2>
            <p class="min-w-0 flex-1 truncate text-xs text-muted max-sm:order-last max-sm:basis-full max-sm:whitespace-normal">
              {{ (photo.isFromTenant ? 'tickets.photos.sentByTenant' : 'tickets.photos.sentByStaff') | transloco }}
              · {{ words.taken(photo) }} · {{ words.arrived(photo) }}
            </p>
            <span class="flex items-center gap-1 max-sm:ml-auto">
              <a class="mu-icon-button" target="_blank" rel="noopener" [href]="photo.url" [attr.aria-label]="'tickets.photos.full' | transloco" [title]="'tickets.photos.full' | transloco">
                <mu-icon name="arrow-up-right" />
              </a>
              <button #close type="button" class="mu-icon-button" [attr.aria-label]="'ui.close' | transloco" [title]="'ui.close' | transloco" (click)="dialog.close()"><mu-icon name="close" /></button>
            </span>
          </header>
          <div class="relative flex min-h-0 flex-1 items-center justify-center bg-sunken p-3 sm:px-16">
            <img class="max-h-full max-w-full rounded-sm object-contain" [src]="photo.url" [alt]="words.name(photo, at() + 1, photos.shown().length)" [attr.width]="photo.width" [attr.height]="photo.height" (error)="photos.missing()" />
            @if (photos.shown().length > 1) {
              <!-- At an end a button stays where it is: a focus that vanished would begin at the top again. -->
              <button type="button" class="absolute top-1/2 left-2 max-sm:top-auto max-sm:bottom-3 max-sm:left-4 max-sm:translate-y-0 grid size-11 -translate-y-1/2 place-items-center rounded-full border border-hairline bg-surface aria-disabled:opacity-40" [attr.aria-disabled]="at() === 0" [attr.aria-label]="'tickets.photos.previous' | transloco" [title]="'tickets.photos.previous' | transloco" (click)="photos.step(-1)">
                <mu-icon name="arrow-left" />
              </button>
              <button type="button" class="absolute top-1/2 right-2 max-sm:top-auto max-sm:bottom-3 max-sm:right-4 max-sm:translate-y-0 grid size-11 -translate-y-1/2 place-items-center rounded-full border border-hairline bg-surface aria-disabled:opacity-40" [attr.aria-disabled]="at() === photos.shown().length - 1" [attr.aria-label]="'tickets.photos.next' | transloco" [title]="'tickets.photos.next' | transloco" (click)="photos.step(1)">
                <mu-icon name="arrow-right" />
              </button>
            }
          </div>
        </div>
      }
    </dialog>
  `,
})
export class PhotoViewer {
  /** With the photo that was looked at last. */
  readonly closed = output<string | null>();

  protected readonly photos = inject(TicketPhotos);
  protected readonly words = photoWords();
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly close = viewChild<ElementRef<HTMLElement>>('close');
  protected readonly at = computed(() => this.photos.shown().findIndex(({ id }) => id === this.photos.viewed()?.id));

  constructor() {
    afterNextRender(() => {
      this.dialog().nativeElement.showModal();
      this.close()?.nativeElement.focus();
    });
  }

  protected get last(): string | null {
    return this.photos.viewed()?.id ?? null;
  }

  protected keyed(event: KeyboardEvent): void {
    const end = this.photos.shown().length;
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, Home: -this.at(), End: end - 1 - this.at() };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.photos.step(step);
  }
}

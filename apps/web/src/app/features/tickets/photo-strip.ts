import { Component, ElementRef, computed, inject, input, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Icon } from '@mu/shared/ui/icon';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { PhotoViewer } from './photo-viewer';
import { photoWords } from './photo-words';
import { type Photo, type Sending, TicketPhotos } from './ticket-photos';

/** What was sent as photos of a repair: small, in the order it came. Files dropped here are added. */
@Component({
  selector: 'mu-photo-strip',
  imports: [Icon, PhotoViewer, Skeleton, TranslocoPipe],
  host: { class: '@container block' },
  templateUrl: './photo-strip.html',
})
export class PhotoStrip {
  readonly mayAdd = input.required<boolean>();

  protected readonly photos = inject(TicketPhotos);
  protected readonly words = photoWords();
  private readonly catalogue = inject(TranslocoService);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  protected readonly dropping = signal(false);
  /** For those who can't see the tiles change. */
  protected readonly news = computed(() => {
    const sending = this.photos.sending().filter(({ failure }) => failure === null).length;
    const waiting = this.photos.all().filter(({ state }) => state === 'received').length;
    if (sending) return this.catalogue.translate('tickets.photos.sending');
    return waiting ? this.catalogue.translate('tickets.photos.received') : '';
  });

  protected thumbnail({ state, thumbnailUrl }: Photo): string | null {
    return state === 'ready' ? thumbnailUrl : null;
  }

  protected name(photo: Photo): string {
    const shown = this.photos.shown();
    return this.words.name(photo, shown.findIndex(({ id }) => id === photo.id) + 1, shown.length);
  }

  protected percent({ part }: Sending): number {
    return Math.floor(part * 100);
  }

  /** Photos go one after the other, and what has gone out is not kept yet. */
  protected waits(one: Sending): boolean {
    return one.part === 0 && this.photos.sending().find(({ failure }) => failure === null) !== one;
  }

  /** Whether another try of the same file may go better. */
  protected again({ failure }: Sending): boolean {
    return failure !== null && typeof failure !== 'string' && (failure.offline || failure.status >= 500 || failure.status === 429);
  }

  protected chosen(input: HTMLInputElement): void {
    void this.photos.add([...(input.files ?? [])]);
    input.value = '';
  }

  protected over(event: DragEvent): void {
    if (!this.mayAdd() || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dropping.set(true);
  }

  protected left(event: DragEvent): void {
    const to = event.relatedTarget;
    if (!(to instanceof Node && this.host.nativeElement.contains(to))) this.dropping.set(false);
  }

  protected dropped(event: DragEvent): void {
    if (!this.dropping()) return;
    event.preventDefault();
    this.dropping.set(false);
    void this.photos.add([...(event.dataTransfer?.files ?? [])]);
  }

  /** The keyboard goes on from the photo that was looked at last. */
  protected closed(last: string | null): void {
    this.photos.view(null);
    this.host.nativeElement.querySelector<HTMLElement>(`[data-photo="${last ?? ''}"]`)?.focus();
  }
}

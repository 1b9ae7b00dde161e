import { Component, DestroyRef, computed, effect, inject, input, output, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { knownWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { MOST_PHOTOS, type Photo, Photos, type Refusal, SURPLUS } from './photos';

/** Takes and chooses photos, shows the ones that are still on this phone, and says why one could not be taken. */
@Component({
  selector: 'mu-photo-picker',
  imports: [Icon, TranslocoPipe],
  template: `
    @if (photos.of(owner()).length) {
      <ul class="mb-4 flex flex-col gap-3">
        @for (photo of photos.of(owner()); track photo.id) {
          <li class="mu-panel flex items-center gap-3">
            @if (addressOf(photo); as address) {
              <img class="size-16 shrink-0 rounded-sm object-cover" [src]="address" alt="" />
            } @else {
              <span class="grid size-16 shrink-0 place-items-center rounded-sm bg-sunken text-muted"><mu-icon name="file" size="24" /></span>
            }
            <div class="min-w-0 flex-1">
              <p class="truncate">{{ photo.name }}</p>
              @if (photo.problem) {
                <p class="text-overdue">{{ problemOf(photo.problem) }}</p>
              } @else if (photo.token) {
                @let part = photos.progress()[photo.id] ?? 0;
                @if (part > 0) {
                  <progress class="w-full accent-accent" max="1" [value]="part" [attr.aria-label]="'photos.progress' | transloco: { name: photo.name }"></progress>
                }
                <p class="text-muted">{{ (part > 0 ? 'photos.sending' : 'photos.waiting') | transloco }}</p>
              } @else if (!photo.seen) {
                <p class="text-muted">{{ 'photos.unseen' | transloco }}</p>
              }
            </div>
            <button type="button" class="grid size-12 shrink-0 place-items-center rounded-md" [attr.aria-label]="'photos.remove' | transloco: { name: photo.name }" (click)="photos.remove(photo.id)">
              <mu-icon name="close" size="22" />
            </button>
          </li>
        }
      </ul>
    }
    <div role="alert">
      @for (refusal of faulty(); track $index) {
        <p class="mu-panel mu-panel-warn mb-3">{{ 'photos.notTaken' | transloco: { name: refusal.name } }} {{ problemOf(refusal.problem) }}</p>
      }
      @if (surplus(); as surplus) {
        <p class="mu-panel mu-panel-warn mb-3">{{ 'photos.surplus' | transloco: { most, surplus } }}</p>
      }
    </div>
    @if (room()) {
      <div class="flex flex-wrap gap-3">
        <label class="mu-action mu-action-quiet cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent">
          <mu-icon name="plus" size="20" />{{ 'photos.take' | transloco }}
          <input class="sr-only" type="file" accept="image/*" capture="environment" [disabled]="busy()" (change)="take($event)" />
        </label>
        <label class="mu-action mu-action-quiet cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent">
          <mu-icon name="plus" size="20" />{{ 'photos.choose' | transloco }}
          <input class="sr-only" type="file" accept="image/*,.heic,.heif" multiple [disabled]="busy()" (change)="take($event)" />
        </label>
      </div>
    } @else {
      <p>{{ 'photos.enough' | transloco: { most } }}</p>
      @if (photos.of(owner()).length) {
        <p>{{ 'photos.makeRoom' | transloco }}</p>
      }
    }
    @if (busy()) {
      <p class="mt-3" role="status">{{ 'photos.preparing' | transloco }}</p>
    }
  `,
})
export class PhotoPicker {
  /** The report's submission key, or its status token. */
  readonly owner = input.required<string>();
  readonly token = input<string | null>(null);
  /** How many the landlord has already. */
  readonly known = input(0);
  readonly added = output();

  protected readonly photos = inject(Photos);
  private readonly words = inject(TranslocoService);
  private readonly find = knownWords();
  private readonly addresses = new Map<string, string>();
  protected readonly most = MOST_PHOTOS;
  protected readonly busy = signal(false);
  protected readonly refusals = signal<readonly Refusal[]>([]);
  protected readonly faulty = computed(() => this.refusals().filter(({ problem }) => problem !== SURPLUS));
  /** Names of photos that were more than a report can have. */
  protected readonly surplus = computed(() => this.refusals().filter(({ problem }) => problem === SURPLUS).map(({ name }) => name).join(', '));
  protected readonly room = computed(() => this.known() + this.photos.of(this.owner()).length < MOST_PHOTOS);

  constructor() {
    effect(() => {
      const there = new Set(this.photos.all().map(({ id }) => id));
      for (const [id, address] of this.addresses) {
        if (there.has(id)) continue;
        URL.revokeObjectURL(address);
        this.addresses.delete(id);
      }
    });
    inject(DestroyRef).onDestroy(() => {
      for (const address of this.addresses.values()) URL.revokeObjectURL(address);
    });
  }

  protected async take(change: Event): Promise<void> {
    const field = change.target as HTMLInputElement;
    const files = [...(field.files ?? [])];
    field.value = '';
    this.busy.set(true);
    try {
      this.refusals.set(await this.photos.add(this.owner(), files, this.token(), this.known()));
    } finally {
      this.busy.set(false);
    }
    this.added.emit();
  }

  protected addressOf(photo: Photo): string | null {
    if (!photo.seen) return null;
    const address = this.addresses.get(photo.id) ?? URL.createObjectURL(photo.blob);
    this.addresses.set(photo.id, address);
    return address;
  }

  protected problemOf(problem: string): string {
    return this.find(`photos.problems.${problem}`) ?? this.words.translate('photos.problems.other');
  }
}

import { NgTemplateOutlet } from '@angular/common';
import { type ElementRef, type TemplateRef, Component, DestroyRef, inject, input, output, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { EmptyState } from './empty-state';
import { ErrorState } from './error-state';
import { GivesBack } from './gives-back';
import { Icon } from './icon';
import type { IconName } from '@mu/icons';
import type { Paged } from './paged';
import { LONGEST_SEARCH, searchWords } from './search-words';
import { shortcuts } from './shortcuts';
import { Skeleton } from './skeleton';

const TYPING = 250;

/** A list of records that opens each beside it: search, filters, rows, and what to do while there are none. */
@Component({
  selector: 'mu-record-list',
  imports: [EmptyState, ErrorState, GivesBack, Icon, NgTemplateOutlet, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'flex min-h-0 flex-1 flex-col' },
  template: `
    <header class="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-hairline px-4 py-2">
      <h1 class="text-base">{{ headingKey() | transloco }}</h1>
      <span class="flex-1"></span>
      @if (mayAdd()) { <button type="button" class="mu-button" (click)="added.emit()"><mu-icon name="plus" size="16" />{{ addWords() | transloco }}</button> }
      <label class="relative block w-full">
        <span class="sr-only">{{ searchLabel() | transloco }}</span>
        <mu-icon name="search" size="16" class="pointer-events-none absolute inset-y-0 left-2.5 text-muted" />
        <input
          muGivesBack
          type="search"
          class="h-9 w-full rounded-md border border-hairline bg-surface pr-2 pl-8.5 text-base placeholder:text-muted hover:border-edge sm:text-sm"
          autocomplete="off"
          [maxLength]="longest"
          [value]="words()"
          [placeholder]="searchLabel() | transloco"
          (input)="type($event)"
        />
      </label>
      <ng-content />
    </header>
    <div #rows class="min-h-0 flex-1 overflow-y-auto" [attr.aria-busy]="paged().phase() === 'loading'">
      @switch (paged().phase()) {
        @case ('loading') {
          @for (number of skeletons; track number) {
            <div class="flex h-15 flex-col justify-center gap-2.5 border-b border-hairline px-4" aria-hidden="true"><mu-skeleton [width]="35 + ((number * 37) % 40) + '%'" /><mu-skeleton width="50%" height="0.625rem" /></div>
          }
        }
        @case ('failed') { <mu-error-state [heading]="failedWords() | transloco" [failure]="paged().failure()" (retry)="paged().load()" /> }
        @case ('ready') {
          @if (paged().items().length) {
            <ul [attr.aria-label]="headingKey() | transloco">
              @for (item of paged().items(); track item.id) {
                <li>
                  <a
                    data-row
                    class="flex min-h-15 items-center gap-3 border-b border-hairline px-4 py-2 -outline-offset-2 hover:bg-hover aria-[current=page]:bg-accent-soft"
                    queryParamsHandling="preserve"
                    [routerLink]="[base(), item.id]"
                    [attr.aria-current]="item.id === openId() ? 'page' : null"
                  >
                    <ng-container [ngTemplateOutlet]="row()" [ngTemplateOutletContext]="{ $implicit: item }" />
                  </a>
                </li>
              }
            </ul>
            @if (paged().hasMore()) { <div class="p-4 text-center"><button type="button" class="mu-button" [attr.aria-busy]="paged().busy()" (click)="paged().more()">{{ 'record.more' | transloco }}</button></div> }
          } @else if (words() || narrowed()) {
            <mu-empty-state icon="search" [heading]="'record.noneFound' | transloco" [text]="'record.noneFoundText' | transloco"><button type="button" class="mu-button" (click)="cleared.emit()">{{ 'record.clear' | transloco }}</button></mu-empty-state>
          } @else {
            <mu-empty-state [icon]="icon()" [heading]="emptyHeading() | transloco" [text]="emptyText() | transloco">
              @if (mayAdd()) { <button type="button" class="mu-button mu-button-filled" (click)="added.emit()">{{ addWords() | transloco }}</button> }
            </mu-empty-state>
          }
        }
      }
    </div>
  `,
})
export class RecordList<Row extends { readonly id: string }> {
  /** Keys of the catalogue. */
  readonly headingKey = input.required<string>();
  readonly searchLabel = input.required<string>();
  readonly addWords = input.required<string>();
  readonly failedWords = input.required<string>();
  readonly emptyHeading = input.required<string>();
  readonly emptyText = input.required<string>();
  readonly icon = input.required<IconName>();
  readonly base = input.required<string>();
  readonly paged = input.required<Paged<Row>>();
  readonly row = input.required<TemplateRef<{ $implicit: Row }>>();
  readonly words = input('');
  readonly narrowed = input(false);
  readonly openId = input<string | null>(null);
  readonly mayAdd = input(false);
  readonly searched = output<string>();
  readonly cleared = output();
  readonly added = output();

  private readonly rows = viewChild.required<ElementRef<HTMLElement>>('rows');
  private timer: ReturnType<typeof setTimeout> | undefined;
  protected readonly longest = LONGEST_SEARCH;
  protected readonly skeletons = Array.from({ length: 12 }, (_, index) => index);

  constructor() {
    inject(DestroyRef).onDestroy(() => { clearTimeout(this.timer); });
    const group = 'record.shortcuts';
    shortcuts(
      { keys: 'j', group, words: 'record.next', run: () => { this.step(1); } },
      { keys: 'k', group, words: 'record.previous', run: () => { this.step(-1); } },
    );
  }

  protected type(event: Event): void {
    const words = searchWords((event.target as HTMLInputElement).value);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.searched.emit(words); }, TYPING);
  }

  private step(by: number): void {
    const all = [...this.rows().nativeElement.querySelectorAll<HTMLElement>('a[data-row]')];
    const at = all.findIndex((row) => row === row.ownerDocument.activeElement);
    const next = all[at < 0 ? Math.max(all.findIndex((row) => row.ariaCurrent === 'page'), 0) : Math.min(Math.max(at + by, 0), all.length - 1)];
    next?.focus();
  }
}

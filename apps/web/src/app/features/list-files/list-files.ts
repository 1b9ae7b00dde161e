import { DOCUMENT } from '@angular/common';
import { type ElementRef, Component, computed, inject, input, signal, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import type { ImportKind } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { Toasts } from '@mu/shared/ui/toasts';
import words from './en.json';

/** Tells spreadsheets that a table is UTF-8; browsers take it off what they fetch. */
const MARK = '\ufeff';

export type ListKind = Exclude<ImportKind, 'tickets'>;

/** The way of a list in and out by file: to the page for files, and as a table in the columns of the template. */
@Component({
  selector: 'mu-list-files',
  imports: [Icon, RouterLink, TranslocoPipe],
  host: { class: 'flex flex-wrap items-center gap-x-4 gap-y-1', '(focusout)': 'leave($event)', '(keydown.escape)': 'shut()' },
  template: `
    @if (mayImport()) {
      <a class="flex min-h-8 items-center gap-1.5 text-accent hover:underline" routerLink="/properties/import" [queryParams]="{ of: brings() }"><mu-icon name="file" size="16" />{{ 'list-files.import' | transloco }}</a>
    }
    @if (mine().length === 1) {
      <button type="button" class="flex min-h-8 items-center gap-1.5 text-accent hover:underline" [disabled]="busy()" [attr.aria-busy]="busy()" (click)="save(mine()[0])"><mu-icon name="arrow-up-right" size="16" />{{ 'list-files.export' | transloco }}</button>
    } @else if (mine().length) {
      <details #menu class="relative">
        <summary class="flex min-h-8 cursor-pointer list-none items-center gap-1.5 text-accent hover:underline" [attr.aria-busy]="busy()"><mu-icon name="arrow-up-right" size="16" />{{ 'list-files.export' | transloco }}<mu-icon name="chevron-down" size="14" /></summary>
        <ul class="mu-menu absolute top-full left-0 z-30 max-sm:right-0 max-sm:left-auto mt-1 w-56 p-1" [attr.aria-label]="'list-files.what' | transloco">
          @for (kind of mine(); track kind) {
            <li><button type="button" class="block w-full rounded-sm px-2 py-1.5 text-left hover:bg-hover" [disabled]="busy()" (click)="save(kind)">{{ 'list-files.kind.' + kind | transloco }}</button></li>
          }
        </ul>
      </details>
    }
  `,
})
export class ListFiles {
  /** What can be taken along of the list, and what the page for files begins with. */
  readonly lists = input.required<readonly ListKind[]>();
  readonly brings = input.required<ListKind>();
  readonly mayImport = input(false);
  readonly narrowed = input(false);
  readonly take = input.required<(kind: ListKind) => Promise<string>>();

  private readonly document = inject(DOCUMENT);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly say = failureWords();
  private readonly menu = viewChild<ElementRef<HTMLDetailsElement>>('menu');
  private readonly session = inject(Session);
  /** Those which the reader may take along. */
  protected readonly mine = computed(() => this.lists().filter((kind) => this.session.user()?.lists.includes(kind)));
  protected readonly busy = signal(false);

  constructor() {
    addWords({ 'list-files': words });
  }

  protected async save(kind: ListKind | undefined): Promise<void> {
    if (!kind || this.busy()) return;
    this.busy.set(true);
    try {
      const table = await this.take()(kind);
      const link = this.document.createElement('a');
      link.href = URL.createObjectURL(new Blob([table.startsWith(MARK) ? '' : MARK, table], { type: 'text/csv;charset=utf-8' }));
      link.download = `${kind}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
      this.toasts.show(this.words.translate(this.narrowed() ? 'list-files.narrowed' : 'list-files.taken'));
      this.shut();
    } catch (thrown) {
      this.toasts.show(this.say(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }

  protected shut(): void {
    const menu = this.menu()?.nativeElement;
    if (!menu?.open) return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  }

  protected leave({ relatedTarget }: FocusEvent): void {
    const menu = this.menu()?.nativeElement;
    if (menu && !(relatedTarget instanceof Node && menu.contains(relatedTarget))) menu.open = false;
  }
}

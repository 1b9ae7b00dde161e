import { type ElementRef, Component, DestroyRef, afterNextRender, computed, inject, output, signal, viewChild } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Session } from '@mu/shared/auth/session';
import { addWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import type { IconName } from '@mu/icons';
import { LONGEST_SEARCH, searchWords } from '@mu/shared/ui/search-words';
import { THEMES, Theme } from '@mu/shared/ui/theme';
import { Finder, type Hit } from '../features/search/finder';
import words from './en.json';
import { SignOut } from './sign-out';

const TYPING = 150;

interface Command {
  readonly words: string;
  readonly detail?: string;
  readonly icon: IconName;
  readonly keys?: string;
  readonly run: () => void;
}

const PLACES = [
  { name: 'properties', icon: 'building', needs: 'properties:read' },
  { name: 'people', icon: 'users', needs: 'people:read' },
  { name: 'landlords', icon: 'home', needs: 'people:write' },
  { name: 'contractors', icon: 'wrench', needs: 'contractors:read' },
  { name: 'users', icon: 'user-check', needs: 'users:manage' },
  { name: 'settings', icon: 'settings', needs: 'settings:write' },
] as const;
const THEME_ICONS = { system: 'laptop', light: 'sun', dark: 'moon' } as const;

/** Everything that can be done from anywhere, found by typing. */
@Component({
  selector: 'mu-command-palette',
  imports: [Icon, TranslocoPipe],
  template: `
    <dialog #dialog class="w-[min(36rem,calc(100vw-1.5rem))]" [attr.aria-label]="'layouts.label' | transloco" (close)="closed.emit()" closedby="any">
      <div class="flex items-center gap-2.5 border-b border-hairline px-4">
        <mu-icon name="search" class="text-muted" />
        <input
          type="text"
          role="combobox"
          class="h-13 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-muted"
          [maxLength]="longestSearch"
          autocomplete="off"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-autocomplete="list"
          [attr.aria-activedescendant]="commands().length ? 'palette-' + position() : null"
          [attr.aria-label]="'layouts.placeholder' | transloco"
          [placeholder]="'layouts.placeholder' | transloco"
          (input)="type($event)"
          (keydown)="move($event)"
        />
        <kbd>Esc</kbd>
      </div>
      <ul id="palette-list" role="listbox" class="max-h-[50vh] overflow-auto p-1.5" [attr.aria-label]="'layouts.label' | transloco">
        @for (command of commands(); track $index; let index = $index) {
          <li
            role="option"
            tabindex="-1"
            class="flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-2.5 py-2"
            [class.bg-hover]="index === position()"
            [id]="'palette-' + index"
            [attr.aria-selected]="index === position()"
            (pointermove)="position.set(index)"
            (click)="run(command)"
            (keydown.enter)="run(command)"
          >
            <mu-icon [name]="command.icon" class="text-muted" /><span class="min-w-0 flex-1">{{ command.words }} <span class="block truncate text-xs text-muted empty:hidden">{{ command.detail }}</span></span>
            @if (command.keys) { <kbd>{{ command.keys }}</kbd> }
          </li>
        }
      </ul>
    </dialog>
  `,
})
export class CommandPalette {
  readonly closed = output();
  readonly helpWanted = output();

  private readonly router = inject(Router);
  private readonly words = withOwnWords();
  private readonly session = inject(Session);
  private readonly theme = inject(Theme);
  private readonly signOut = inject(SignOut);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  protected readonly longestSearch = LONGEST_SEARCH;
  protected readonly text = signal('');
  protected readonly position = signal(0);
  protected readonly commands = computed(() => {
    const wanted = this.text().trim();
    const named = this.all.filter(({ words }) => matches(words, wanted));
    return wanted ? [...named, ...this.found().map((hit) => this.goTo(hit)), this.searchFor(wanted)] : named;
  });

  private readonly finder = inject(Finder);
  private readonly found = signal<readonly Hit[]>([]);
  private timer: ReturnType<typeof setTimeout> | undefined;

  private readonly all: readonly Command[] = [
    { words: this.say('tickets'), icon: 'ticket', keys: 'G T', run: () => void this.router.navigateByUrl('/tickets') },
    ...this.places(),
    ...(this.session.can('tickets:create') ? [this.newTicket(), this.importTickets()] : []),
    ...THEMES.filter((name) => name !== this.theme.chosen()).map((name) => ({
      words: this.say(`theme-${name}`),
      icon: THEME_ICONS[name],
      run: () => {
        this.theme.choose(name);
      },
    })),
    { words: this.say('help'), icon: 'keyboard', keys: '?', run: () => { this.helpWanted.emit(); } },
    { words: this.say('profile'), icon: 'shield', run: () => void this.router.navigateByUrl('/profile') },
    { words: this.say('signOut'), icon: 'log-out', run: () => void this.signOut.now() },
  ];

  constructor() {
    inject(DestroyRef).onDestroy(() => { clearTimeout(this.timer); });
    afterNextRender(() => {
      this.dialog().nativeElement.showModal();
    });
  }

  protected type(event: Event): void {
    this.text.set((event.target as HTMLInputElement).value);
    this.position.set(0);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.find(this.text()), TYPING);
  }

  protected move(event: KeyboardEvent): void {
    const last = this.commands().length - 1;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    const command = this.commands()[this.position()];
    if (step !== undefined) this.position.update((at) => (at + step + last + 1) % (last + 1));
    else if (event.key === 'Enter' && command && !event.isComposing) this.run(command);
    else return;
    event.preventDefault();
  }

  protected run(command: Command): void {
    this.dialog().nativeElement.close();
    command.run();
  }

  /** Commands work on when nothing can be found: whoever searches has the search among tickets. */
  private async find(text: string): Promise<void> {
    const hits = await this.finder.find(text).catch((): readonly Hit[] => []);
    if (text === this.text()) this.found.set(hits);
  }

  private goTo({ words, detail, icon, path }: Hit): Command {
    return { words, detail, icon, run: () => void this.router.navigate([...path]) };
  }

  private places(): readonly Command[] {
    return PLACES.filter(({ needs }) => this.session.can(needs)).map(({ name, icon }) => ({
      words: this.say(name), icon, run: () => void this.router.navigateByUrl(`/${name}`),
    }));
  }

  private newTicket(): Command {
    return { words: this.say('newTicket'), icon: 'plus', keys: 'C', run: () => void this.router.navigateByUrl('/tickets/new') };
  }

  private importTickets(): Command {
    return { words: this.say('importTickets'), icon: 'file', run: () => void this.router.navigateByUrl('/tickets/import') };
  }

  private searchFor(text: string): Command {
    return {
      words: this.words.translate('layouts.searchFor', { text }),
      icon: 'search',
      run: () => void this.router.navigate(['/tickets'], { queryParams: { q: searchWords(text) || null } }),
    };
  }

  private say(key: string): string {
    return this.words.translate(`layouts.${key}`);
  }
}

function withOwnWords(): TranslocoService {
  addWords({ layouts: words });
  return inject(TranslocoService);
}

/** Every typed word starts a word of the command. */
function matches(words: string, wanted: string): boolean {
  const starts = words.toLowerCase().split(/\s+/);
  return wanted.toLowerCase().split(/\s+/).every((part) => starts.some((word) => word.startsWith(part)));
}

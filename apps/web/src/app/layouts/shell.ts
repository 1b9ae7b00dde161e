import { Location } from '@angular/common';
import { type ElementRef, Component, computed, effect, inject, signal, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { filter, map } from 'rxjs';
import type { Permission } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { Connection } from '@mu/shared/pwa/connection';
import { Avatar } from '@mu/shared/ui/avatar';
import { Icon } from '@mu/shared/ui/icon';
import type { IconName } from '@mu/icons';
import { GivesBack } from '@mu/shared/ui/gives-back';
import { LONGEST_SEARCH, searchWords } from '@mu/shared/ui/search-words';
import { ShortcutHelp } from '@mu/shared/ui/shortcut-help';
import { shortcuts } from '@mu/shared/ui/shortcuts';
import { SearchResults } from '../features/search/search-results';
import { SupportBanner } from '../features/support/support-banner';
import { DangerBanner } from '../features/dangers/danger-banner';
import { CommandPalette } from './command-palette';
import { UserMenu } from './user-menu';

/** Places of the staff app. One appears here with its first working screen. Where there is little room, the wide ones are among the commands. */
const PLACES: readonly { path: string; words: string; icon: IconName; needs?: readonly Permission[]; wide?: true }[] = [
  { path: '/tickets', words: 'shell.tickets', icon: 'ticket' },
  { path: '/properties', words: 'shell.properties', icon: 'building', needs: ['properties:read'] },
  { path: '/people', words: 'shell.people', icon: 'users', needs: ['people:read'] },
  { path: '/landlords', words: 'shell.landlords', icon: 'home', needs: ['people:write'], wide: true },
  { path: '/contractors', words: 'shell.contractors', icon: 'wrench', needs: ['contractors:read'], wide: true },
  { path: '/users', words: 'shell.users', icon: 'user-check', needs: ['users:manage'], wide: true },
  { path: '/settings', words: 'shell.settings', icon: 'settings', needs: ['settings:write', 'audit:read'], wide: true },
];

const FEWEST_LETTERS = 2;

@Component({
  selector: 'mu-shell',
  imports: [Avatar, CommandPalette, DangerBanner, GivesBack, Icon, RouterLink, RouterLinkActive, RouterOutlet, SearchResults, ShortcutHelp, SupportBanner, TranslocoPipe, UserMenu],
  host: { class: 'flex h-full flex-col' },
  templateUrl: './shell.html',
})
export class Shell {
  private readonly router = inject(Router);
  private readonly place = inject(Location);
  private readonly session = inject(Session);
  private readonly main = viewChild.required<ElementRef<HTMLElement>>('main');
  private readonly search = viewChild.required<ElementRef<HTMLInputElement>>('search');

  protected readonly places = computed(() => PLACES.filter(({ needs }) => needs === undefined || needs.some((one) => this.session.can(one))));
  protected readonly longestSearch = LONGEST_SEARCH;
  protected readonly organisation = this.session.organisation;
  protected readonly name = computed(() => this.session.user()?.name ?? '');
  protected readonly online = inject(Connection).online;
  protected readonly mayCreate = computed(() => this.session.can('tickets:create'));
  protected readonly palette = signal(false);
  protected readonly help = signal(false);
  /** What somebody is typing into the search now. */
  protected readonly typed = signal('');
  protected readonly isSearching = computed(() => this.typed().trim().length >= FEWEST_LETTERS);
  protected readonly results = viewChild<SearchResults>('results');
  protected readonly searched = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(() => this.searchedText()),
    ),
    { initialValue: this.searchedText() },
  );

  constructor() {
    effect(() => {
      if (this.session.active()) return;
      const why = this.session.ended() ?? 'signed-out';
      if (why === 'expired') void this.router.navigate(['/sign-in'], { queryParams: { to: this.router.url } });
      // A new page, so that nothing of this one stays in memory for the next person.
      else location.assign(this.place.prepareExternalUrl(`/sign-in?ended=${why}`));
    });

    const group = 'shortcuts.general';
    shortcuts(
      { keys: 'mod+k', group, words: 'shortcuts.palette', run: () => { this.palette.set(true); } },
      { keys: '/', group, words: 'shortcuts.search', run: () => { this.goToSearch(); } },
      { keys: 'c', group, words: 'shortcuts.new', when: this.mayCreate, run: () => void this.router.navigateByUrl('/tickets/new') },
      { keys: 'g t', group, words: 'shortcuts.tickets', run: () => void this.router.navigateByUrl('/tickets') },
      { keys: 'g p', group, words: 'shortcuts.properties', run: () => void this.router.navigateByUrl('/properties') },
      { keys: '?', group, words: 'shortcuts.help', run: () => { this.help.set(true); } },
    );
  }

  protected skip(click: Event): void {
    click.preventDefault();
    this.main().nativeElement.focus();
  }

  protected find(submitted: Event, text: string): void {
    submitted.preventDefault();
    this.typed.set('');
    // From here the keys of the list work at once.
    this.main().nativeElement.focus({ preventScroll: true });
    void this.router.navigate(['/tickets'], { queryParams: { q: searchWords(text) || null } });
  }

  protected keyed(event: KeyboardEvent): void {
    if (!event.isComposing && this.results()?.keyed(event)) event.preventDefault();
  }

  protected leaveSearch(): void {
    this.typed.set('');
    this.main().nativeElement.focus({ preventScroll: true });
  }

  private goToSearch(): void {
    const { nativeElement } = this.search();
    nativeElement.focus();
    nativeElement.select();
  }

  private searchedText(): string {
    const q: unknown = this.router.parseUrl(this.router.url).queryParams['q'];
    return typeof q === 'string' ? searchWords(q) : '';
  }
}

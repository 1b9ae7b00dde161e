import { Location } from '@angular/common';
import { type ElementRef, Component, computed, inject, signal, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import { addWords, failureWords, knownWords } from '@mu/shared/i18n/catalogue';
import { Session } from '@mu/shared/auth/session';
import { Avatar } from '@mu/shared/ui/avatar';
import { Icon } from '@mu/shared/ui/icon';
import type { IconName } from '@mu/icons';
import { Now } from '@mu/shared/ui/now';
import { Toasts } from '@mu/shared/ui/toasts';
import { THEMES, Theme, type ThemeName } from '@mu/shared/ui/theme';
import { day } from '@mu/shared/ui/when';
import { SignOut } from './sign-out';
import words from './user-menu/en.json';

const THEME_ICONS: Record<ThemeName, IconName> = { system: 'laptop', light: 'sun', dark: 'moon' };

/** Who is signed in, how the page looks, and the way out. */
@Component({
  selector: 'mu-user-menu',
  imports: [Avatar, Icon, RouterLink, TranslocoPipe],
  template: `
    @if (user(); as user) {
      <button type="button" popovertarget="user-menu" class="mu-icon-button">
        <mu-avatar [name]="user.name" size="28" />
        <span class="sr-only">{{ 'user-menu.account' | transloco: { name: user.name } }}</span>
      </button>
      <div #menu id="user-menu" popover class="mu-menu fixed inset-auto top-13 right-3 w-64">
        <div class="px-3 pt-2.5 pb-2">
          <p class="font-medium">{{ user.name }}</p>
          <p class="text-xs text-muted">{{ role() }}</p>
        </div>
        @if (elsewhere().length) {
          <div class="border-t border-hairline p-1">
            <p class="px-2 pt-1.5 pb-1 text-xs text-muted">{{ 'user-menu.elsewhere' | transloco }}</p>
            @for (one of elsewhere(); track one.id) {
              <button type="button" class="mu-menu-item" [disabled]="busy()" (click)="goTo(one.id)">
                <mu-icon name="building" size="16" /><span class="min-w-0 wrap-anywhere">{{ one.name }}@if (one.since; as since) { <span class="block text-xs text-muted">{{ 'user-menu.since' | transloco: { day: on(since) } }}</span> }</span>
              </button>
            }
          </div>
        }
        <fieldset class="border-t border-hairline px-3 py-2.5">
          <legend class="sr-only">{{ 'user-menu.theme' | transloco }}</legend>
          <div class="grid grid-cols-3 gap-1 rounded-md bg-sunken p-1">
            @for (name of themes; track name) {
              <label
                class="flex cursor-pointer flex-col items-center gap-1 rounded-sm border border-transparent py-1.5 text-center text-xs text-muted hover:text-ink has-checked:border-hairline has-checked:bg-surface has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
              >
                <input type="radio" name="theme" class="sr-only" [value]="name" [checked]="theme.chosen() === name" (change)="theme.choose(name)" />
                <mu-icon [name]="themeIcons[name]" size="16" />{{ 'user-menu.theme-' + name | transloco }}
              </label>
            }
          </div>
        </fieldset>
        <div class="border-t border-hairline p-1">
          <a routerLink="/profile" class="mu-menu-item" (click)="menu.hidePopover()"><mu-icon name="shield" size="16" />{{ 'user-menu.profile' | transloco }}</a>
          @if (isSteward()) { <a routerLink="/platform" class="mu-menu-item" (click)="menu.hidePopover()"><mu-icon name="settings" size="16" />{{ 'user-menu.platform' | transloco }}</a> }
          <button type="button" class="mu-menu-item" (click)="leave()">
            <mu-icon name="log-out" size="16" />{{ 'user-menu.signOut' | transloco }}
          </button>
        </div>
      </div>
    }
  `,
})
export class UserMenu {
  private readonly session = inject(Session);
  private readonly place = inject(Location);
  private readonly toasts = inject(Toasts);
  private readonly failed = failureWords();
  private readonly now = inject(Now);
  private readonly signOut = inject(SignOut);
  private readonly named = knownWords();
  private readonly menu = viewChild<ElementRef<HTMLElement>>('menu');

  protected readonly user = this.session.user;
  protected readonly elsewhere = this.session.organisations;
  protected readonly isSteward = this.session.isSteward;
  protected readonly busy = signal(false);
  /** A role that an organisation made itself has no words but its name. */
  protected readonly role = computed(() => this.named(`role.${this.user()?.role ?? ''}`) ?? this.user()?.role);
  protected readonly theme = inject(Theme);
  protected readonly themes = THEMES;
  protected readonly themeIcons = THEME_ICONS;

  constructor() {
    addWords({ 'user-menu': words });
  }

  protected on(moment: string): string {
    return day(moment, this.now.at());
  }

  protected async goTo(organisationId: string): Promise<void> {
    this.busy.set(true);
    try {
      await this.session.switchTo(organisationId);
      // A new page, so that nothing of this organisation stays in memory for the other.
      location.assign(this.place.prepareExternalUrl('/'));
    } catch (thrown) {
      this.busy.set(false);
      this.toasts.show(this.failed(toFailure(thrown)));
    }
  }

  protected leave(): void {
    this.menu()?.nativeElement.hidePopover();
    void this.signOut.now();
  }
}

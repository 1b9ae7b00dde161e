import { Component, computed, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Permission } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';

/** What an organisation arranges for itself, page by page; each shows to those who may use it. */
const PAGES: readonly { path: string; words: string; needs: Permission }[] = [
  { path: '/settings', words: 'settings.pages.organisation', needs: 'settings:write' },
  { path: '/settings/sign-in', words: 'settings.pages.signIn', needs: 'settings:write' },
  { path: '/settings/public', words: 'settings.pages.public', needs: 'settings:write' },
  { path: '/settings/api-keys', words: 'settings.pages.apiKeys', needs: 'api_keys:manage' },
  { path: '/settings/privacy', words: 'settings.pages.privacy', needs: 'privacy:read' },
  { path: '/settings/retention', words: 'settings.pages.retention', needs: 'privacy:read' },
  { path: '/settings/support', words: 'settings.pages.support', needs: 'audit:read' },
  { path: '/settings/export', words: 'settings.pages.export', needs: 'settings:write' },
  { path: '/settings/audit', words: 'settings.pages.audit', needs: 'audit:read' },
];

@Component({
  selector: 'mu-settings-frame',
  imports: [RouterLink, RouterLinkActive, RouterOutlet, TranslocoPipe],
  host: { class: 'block' },
  template: `
    @if (pages().length > 1) {
      <nav class="sticky top-0 z-10 border-b border-hairline bg-surface" [attr.aria-label]="'settings.title' | transloco">
        <ul class="mx-auto flex max-w-4xl gap-1 overflow-x-auto px-3">
          @for (page of pages(); track page.path) {
            <li class="shrink-0">
              <a
                class="flex min-h-11 items-center border-b-2 border-transparent px-2 text-muted hover:text-ink"
                [routerLink]="page.path"
                routerLinkActive="border-accent! text-ink! font-medium"
                [routerLinkActiveOptions]="{ paths: 'exact', queryParams: 'ignored', matrixParams: 'ignored', fragment: 'ignored' }"
                ariaCurrentWhenActive="page"
                (isActiveChange)="show($event, link)"
                #link
                >{{ page.words | transloco }}</a
              >
            </li>
          }
        </ul>
      </nav>
    }
    <router-outlet />
  `,
})
export class SettingsFrame {
  private readonly session = inject(Session);

  /** On a narrow screen the row of pages scrolls; the present one is never out of sight. */
  protected show(isActive: boolean, link: HTMLElement): void {
    if (isActive) setTimeout(() => { link.scrollIntoView({ block: 'nearest', inline: 'center' }); });
  }

  protected readonly pages = computed(() => PAGES.filter(({ needs }) => this.session.can(needs)));
}

import { Component } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';

/** People who work here: who they are, in which teams, and what their roles let them do. */
@Component({
  selector: 'mu-users-page',
  imports: [RouterLink, RouterLinkActive, RouterOutlet, TranslocoPipe],
  host: { class: 'block' },
  template: `
    <div class="mx-auto max-w-5xl px-4 py-6">
      <h1 class="text-lg">{{ 'users.title' | transloco }}</h1>
      <nav class="mt-3 mb-5 flex gap-1 overflow-x-auto border-b border-hairline" [attr.aria-label]="'users.title' | transloco">
        @for (tab of tabs; track tab.path) {
          <a
            class="flex min-h-11 items-center border-b-2 border-transparent px-3 text-muted hover:text-ink"
            routerLinkActive="border-accent! text-ink! font-medium"
            ariaCurrentWhenActive="page"
            [routerLink]="tab.path"
            [routerLinkActiveOptions]="{ exact: tab.exact }"
          >{{ tab.words | transloco }}</a>
        }
      </nav>
      <router-outlet />
    </div>
  `,
})
export class UsersPage {
  protected readonly tabs = [
    { path: '/users', words: 'users.tabs.users', exact: true },
    { path: '/users/teams', words: 'users.tabs.teams', exact: true },
    { path: '/users/roles', words: 'users.tabs.roles', exact: false },
  ];
}

import { Component, effect, inject } from '@angular/core';
import { Router, RouterLink, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '@mu/shared/auth/session';
import { Icon } from '@mu/shared/ui/icon';

/** The frame of those who run the installation; nothing of an organisation's own screens is in it. */
@Component({
  selector: 'mu-platform-frame',
  imports: [Icon, RouterLink, RouterOutlet, TranslocoPipe],
  host: { class: 'flex h-full flex-col' },
  template: `
    <header class="flex h-13 shrink-0 items-center gap-3 border-b border-hairline px-3">
      <a routerLink="/platform" class="flex min-w-0 items-center gap-2.5 rounded-md pr-1">
        <img src="icon.svg" alt="" width="24" height="24" class="shrink-0" />
        <span class="truncate font-semibold">{{ 'platform.title' | transloco }}</span>
      </a>
      <span class="flex-1"></span>
      <a routerLink="/" class="mu-button"><mu-icon name="arrow-left" size="16" /><span class="max-w-40 truncate sm:max-w-72">{{ organisation()?.name }}</span></a>
    </header>
    <main id="main" tabindex="-1" class="min-h-0 flex-1 overflow-auto bg-surface outline-none"><router-outlet /></main>
  `,
})
export class PlatformFrame {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  protected readonly organisation = this.session.organisation;

  constructor() {
    effect(() => {
      if (!this.session.active()) void this.router.navigate(['/sign-in'], { queryParams: { to: this.router.url } });
    });
  }
}

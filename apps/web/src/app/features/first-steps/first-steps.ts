import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { IconName } from '@mu/icons';
import type { Permission } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { addWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import words from './en.json';

const STEPS: readonly { key: string; icon: IconName; to: string; needs: Permission }[] = [
  { key: 'homes', icon: 'home', to: '/properties/import', needs: 'properties:write' },
  { key: 'colleagues', icon: 'users', to: '/users', needs: 'users:manage' },
  { key: 'look', icon: 'settings', to: '/settings/public', needs: 'settings:write' },
  { key: 'emergency', icon: 'siren', to: '/settings', needs: 'settings:write' },
  { key: 'repair', icon: 'ticket', to: '/tickets/new', needs: 'tickets:create' },
];

/** What an organisation does first, in the place of its first tickets: each step for those who may take it. */
@Component({
  selector: 'mu-first-steps',
  imports: [Icon, RouterLink, TranslocoPipe],
  host: { class: 'mx-auto flex w-full max-w-md flex-1 flex-col justify-center px-4 py-8' },
  template: `
    <h2 class="text-base">{{ (steps().length > 1 ? 'first-steps.title' : 'tickets.list.none') | transloco }}</h2>
    <p class="mt-1 text-muted">{{ (steps().length > 1 ? 'first-steps.text' : 'tickets.list.noneText') | transloco }}</p>
    <ul class="mt-4 divide-y divide-hairline border-y border-hairline empty:hidden">
      @for (step of steps(); track step.key) {
        <li>
          <a class="flex min-h-15 items-center gap-3 px-2 py-2.5 -outline-offset-2 hover:bg-hover" [routerLink]="step.to">
            <mu-icon class="text-muted" [name]="step.icon" size="20" />
            <span class="min-w-0 flex-1">
              <span class="block font-medium">{{ 'first-steps.' + step.key | transloco }}</span>
              <span class="block text-xs text-muted">{{ 'first-steps.' + step.key + 'Text' | transloco }}</span>
            </span>
            <mu-icon class="text-muted" name="chevron-right" size="16" />
          </a>
        </li>
      }
    </ul>
  `,
})
export class FirstSteps {
  private readonly session = inject(Session);

  protected readonly steps = computed(() => STEPS.filter(({ needs }) => this.session.can(needs)));

  constructor() {
    addWords({ 'first-steps': words });
  }
}

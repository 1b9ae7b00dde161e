import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '@mu/shared/auth/session';
import { knownWords } from '@mu/shared/i18n/catalogue';
import { EmptyState } from '@mu/shared/ui/empty-state';

/** In the place of the page that imports, for people whose role brings no tickets in: who can, and the way back. */
@Component({
  selector: 'mu-no-import',
  imports: [EmptyState, RouterLink, TranslocoPipe],
  host: { class: 'flex h-full overflow-y-auto' },
  template: `
    <mu-empty-state class="my-auto" icon="lock" [heading]="'imports.notYours' | transloco" [text]="'imports.notYoursText' | transloco: { role: role() }">
      <a class="mu-button" routerLink="/tickets">{{ 'imports.back' | transloco }}</a>
    </mu-empty-state>
  `,
})
export class NoImport {
  private readonly known = knownWords();
  private readonly user = inject(Session).user;

  protected readonly role = computed(() => {
    const role = this.user()?.role ?? '';
    return this.known(`role.${role}`) ?? role;
  });
}

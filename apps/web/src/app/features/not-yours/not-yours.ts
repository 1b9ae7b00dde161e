import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '@mu/shared/auth/session';
import { knownWords } from '@mu/shared/i18n/catalogue';
import { EmptyState } from '@mu/shared/ui/empty-state';

/** In the place of a page that somebody's role doesn't open: who can, and the way back. Its words come with the route. */
@Component({
  selector: 'mu-not-yours',
  imports: [EmptyState, RouterLink, TranslocoPipe],
  host: { class: 'flex h-full overflow-y-auto' },
  template: `
    <mu-empty-state class="my-auto" icon="lock" [heading]="heading() | transloco" [text]="text() | transloco: { role: role() }">
      <a class="mu-button" [routerLink]="to()">{{ back() | transloco }}</a>
    </mu-empty-state>
  `,
})
export class NotYours {
  readonly heading = input.required<string>();
  /** Is told the role. */
  readonly text = input.required<string>();
  readonly back = input.required<string>();
  readonly to = input.required<string>();

  private readonly known = knownWords();
  private readonly user = inject(Session).user;

  protected readonly role = computed(() => {
    const role = this.user()?.role ?? '';
    return this.known(`role.${role}`) ?? role;
  });
}

import { Component, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map } from 'rxjs';
import { PageTitle } from '@mu/shared/ui/page-title';
import { ToastList } from '@mu/shared/ui/toast-list';

@Component({
  selector: 'mu-root',
  imports: [RouterOutlet, ToastList],
  template: `
    @if (!started()) {
      <img class="mu-start" src="icon.svg" alt="" width="40" height="40" />
    }
    <router-outlet />
    <mu-toast-list class="print:hidden" />
    <p class="sr-only" aria-live="polite">{{ title.current() }}</p>
  `,
})
export class App {
  protected readonly title = inject(PageTitle);
  protected readonly started = toSignal(
    inject(Router).events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(() => true),
    ),
    { initialValue: false },
  );
}

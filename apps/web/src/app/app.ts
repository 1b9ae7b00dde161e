import { Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { PageTitle } from '@mu/shared/ui/page-title';
import { ToastList } from '@mu/shared/ui/toast-list';

@Component({
  selector: 'mu-root',
  imports: [RouterOutlet, ToastList],
  template: `
    <router-outlet />
    <mu-toast-list />
    <p class="sr-only" aria-live="polite">{{ title.current() }}</p>
  `,
})
export class App {
  protected readonly title = inject(PageTitle);
}

import { Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from './icon';
import { Toasts } from './toasts';

/** Where toasts appear; one per page, at its end. */
@Component({
  selector: 'mu-toast-list',
  imports: [Icon, TranslocoPipe],
  host: {
    class: 'pointer-events-none fixed inset-x-3 z-40 flex flex-col items-center gap-2',
    role: 'status',
  },
  template: `
    @for (toast of toasts.all(); track toast.id) {
      <div
        class="pointer-events-auto flex min-h-10 max-w-full items-center gap-2 rounded-md bg-ink py-1 pr-1 pl-3 text-sm text-paper shadow-raised"
        (pointerenter)="toasts.hold(toast)"
        (pointerleave)="toasts.resume(toast)"
        (focusin)="toasts.hold(toast)"
        (focusout)="toasts.resume(toast)"
      >
        <span class="min-w-0">{{ toast.text }}</span>
        @if (toast.action; as action) {
          <button type="button" class="h-8 rounded-sm px-2 font-medium underline underline-offset-2" (click)="toasts.act(toast)">
            {{ action.words | transloco }}
          </button>
        }
        <button type="button" class="grid size-8 place-items-center rounded-sm" [attr.aria-label]="'ui.dismiss' | transloco" (click)="toasts.dismiss(toast)">
          <mu-icon name="close" size="16" />
        </button>
      </div>
    }
  `,
})
export class ToastList {
  protected readonly toasts = inject(Toasts);
}

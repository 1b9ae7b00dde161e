import { Component, input, signal } from '@angular/core';
import { Icon } from '@mu/shared/ui/icon';

/** Copies a link. Where the browser refuses, that is said, and the link stands there to be copied by hand. */
@Component({
  selector: 'mu-copy-link',
  imports: [Icon],
  host: { class: 'contents' },
  template: `
    <button type="button" class="mu-action mu-action-quiet" (click)="copy()"><mu-icon name="copy" size="20" />{{ state() === 'copied' ? done() : label() }}</button>
    <div role="status" class="contents">
      @if (state() === 'refused') {
        <p class="basis-full">{{ refused() }} <span class="block font-mono wrap-anywhere select-all">{{ address() }}</span></p>
      }
    </div>
  `,
})
export class CopyLink {
  readonly address = input.required<string>();
  readonly label = input.required<string>();
  readonly done = input.required<string>();
  readonly refused = input.required<string>();

  protected readonly state = signal<'copied' | 'refused' | null>(null);

  protected async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.address());
      this.state.set('copied');
    } catch {
      this.state.set('refused');
    }
  }
}

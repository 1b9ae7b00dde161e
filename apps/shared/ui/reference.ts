import { Component, inject, input } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { copies } from './copies';

/** A reference like T-10482. A click copies it. */
@Component({
  selector: 'mu-reference',
  imports: [TranslocoPipe],
  template: `<button
    type="button"
    class="cursor-copy rounded-sm font-mono text-xs text-muted tabular-nums whitespace-nowrap hover:text-ink hover:underline"
    [attr.aria-label]="'ui.copyReference' | transloco: { reference: reference() }"
    (click)="copy($event)"
  >{{ reference() }}</button>`,
})
export class Reference {
  readonly reference = input.required<string>();

  private readonly copies = copies();
  private readonly words = inject(TranslocoService);

  protected async copy(click: Event): Promise<void> {
    click.preventDefault();
    click.stopPropagation();
    await this.copies(this.reference(), this.words.translate('ui.copied', { reference: this.reference() }));
  }
}

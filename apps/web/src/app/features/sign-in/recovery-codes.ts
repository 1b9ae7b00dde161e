import { Component, inject, input, output } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { addWords } from '@mu/shared/i18n/catalogue';
import { copies } from '@mu/shared/ui/copies';
import { Icon } from '@mu/shared/ui/icon';
import words from './en.json';

/** Recovery codes, shown this once. */
@Component({
  selector: 'mu-recovery-codes',
  imports: [Icon, TranslocoPipe],
  host: { class: 'flex flex-col gap-4' },
  template: `
    <div>
      <h2 class="text-base outline-none" tabindex="-1">{{ 'sign-in.codesTitle' | transloco }}</h2>
      <p class="mt-1 text-muted">{{ 'sign-in.codesText' | transloco }}</p>
    </div>
    <ul class="grid grid-cols-2 gap-x-4 gap-y-1 rounded-md bg-sunken px-4 py-3 font-mono select-all">
      @for (code of codes(); track code) { <li>{{ code }}</li> }
    </ul>
    <div class="flex flex-wrap gap-2">
      <button type="button" class="mu-button" (click)="copy()"><mu-icon name="copy" size="16" />{{ 'sign-in.copyCodes' | transloco }}</button>
      <button type="button" class="mu-button mu-button-filled" (click)="kept.emit()">{{ 'sign-in.kept' | transloco }}</button>
    </div>
  `,
})
export class RecoveryCodes {
  readonly codes = input.required<readonly string[]>();
  readonly kept = output();

  private readonly copies = copies();
  private readonly words = inject(TranslocoService);

  constructor() {
    addWords({ 'sign-in': words });
  }

  protected async copy(): Promise<void> {
    await this.copies(this.codes().join('\n'), this.words.translate('sign-in.copied'));
  }
}

import { Component, computed, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { PhotoPicker } from '../../../photos/photo-picker';
import { Wizard } from '../wizard';

@Component({
  selector: 'mu-photos-step',
  imports: [PhotoPicker, TranslocoPipe],
  template: `
    <p class="mb-4 text-muted">{{ 'report.photosHint' | transloco }}</p>
    <mu-photo-picker [owner]="owner()" />
    <button type="button" class="mu-action mt-5" (click)="wizard.answer()">{{ 'report.continue' | transloco }}</button>
  `,
})
export class PhotosStep {
  protected readonly wizard = inject(Wizard);
  protected readonly owner = computed(() => this.wizard.draft()?.submissionKey ?? '');
}

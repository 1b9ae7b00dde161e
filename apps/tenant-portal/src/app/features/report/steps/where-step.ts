import { Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Pickers } from '../../../api/pickers';
import { Drawing } from '../../../layouts/drawing';
import { Problem } from '../../../layouts/problem';
import { Wizard } from '../wizard';

@Component({
  selector: 'mu-where-step',
  imports: [Drawing, Problem, TranslocoPipe],
  template: `
    @if (wizard.picker(); as picker) {
      <ul class="mu-pictures">
        @for (room of picker.rooms; track room.key) {
          <li>
            <button type="button" class="mu-choice" [attr.aria-pressed]="wizard.draft()?.room === room.key" (click)="wizard.chooseRoom(room.key)">
              <mu-drawing [path]="room.drawing" /><span>{{ room.name }}</span>
            </button>
          </li>
        }
      </ul>
    } @else if (pickers.failure(); as failure) {
      <mu-problem [failure]="failure" [again]="true" (retry)="pickers.open()" />
      <button type="button" class="mu-action mt-4" (click)="wizard.withoutPictures()">{{ 'report.inWords' | transloco }}</button>
    }
  `,
})
export class WhereStep {
  protected readonly wizard = inject(Wizard);
  protected readonly pickers = inject(Pickers);
}

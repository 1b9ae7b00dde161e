import { Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { OTHER } from '../../../draft/draft';
import { Drawing } from '../../../layouts/drawing';
import { Wizard } from '../wizard';

const PENCIL = 'M10 38l2-9l20-20l7 7l-20 20zM28 13l7 7M8 44h32';

@Component({
  selector: 'mu-what-step',
  imports: [Drawing, TranslocoPipe],
  template: `
    @if (wizard.room(); as room) {
      <p class="mb-4 text-muted">{{ room.name }}</p>
      <ul class="mu-pictures">
        @for (fault of room.faults; track fault.key) {
          <li>
            <button type="button" class="mu-choice" [attr.aria-pressed]="wizard.draft()?.fault === fault.key" (click)="wizard.chooseFault(fault.key)">
              <mu-drawing [path]="fault.drawing" /><span>{{ fault.name }}</span>
            </button>
          </li>
        }
        <li>
          <button type="button" class="mu-choice" [attr.aria-pressed]="wizard.draft()?.fault === other" (click)="wizard.chooseFault(other)">
            <mu-drawing [path]="pencil" /><span>{{ 'report.somethingElse' | transloco }}</span>
          </button>
        </li>
      </ul>
    } @else {
      <button type="button" class="mu-action" (click)="wizard.withoutPictures()">{{ 'report.inWords' | transloco }}</button>
    }
  `,
})
export class WhatStep {
  protected readonly wizard = inject(Wizard);
  protected readonly other = OTHER;
  protected readonly pencil = PENCIL;
}

import { Component, input } from '@angular/core';
import { type FormGroup, ReactiveFormsModule } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Nation, OrganisationKind } from '@mu/shared/api/generated/models';

/** What an organisation is called, what it is and where its homes are: three fields of whichever form begins one. */
@Component({
  selector: 'mu-organisation-fields',
  imports: [ReactiveFormsModule, TranslocoPipe],
  host: { class: 'contents' },
  template: `
    <div [formGroup]="form()">
      <label for="organisation" class="mb-1.5 block font-medium">{{ 'sign-in.organisation' | transloco }}</label>
      <input id="organisation" class="mu-field" autocomplete="organization" [formControlName]="called()" aria-describedby="organisation-error" [attr.aria-invalid]="wrong() !== null" />
      <p id="organisation-error" class="mt-1.5 text-overdue empty:hidden">{{ wrong() }}</p>
    </div>
    <div class="grid gap-4 sm:grid-cols-2" [formGroup]="form()">
      <div>
        <label for="kind" class="mb-1.5 block font-medium">{{ 'sign-in.kind' | transloco }}</label>
        <select id="kind" class="mu-field" formControlName="kind">
          @for (kind of kinds; track kind) { <option [value]="kind">{{ 'sign-in.kinds.' + kind | transloco }}</option> }
        </select>
      </div>
      <div>
        <label for="nation" class="mb-1.5 block font-medium">{{ 'sign-in.nation' | transloco }}</label>
        <select id="nation" class="mu-field" formControlName="nation">
          @for (nation of nations; track nation) { <option [value]="nation">{{ 'sign-in.nations.' + nation | transloco }}</option> }
        </select>
      </div>
    </div>
  `,
})
export class OrganisationFields {
  readonly form = input.required<FormGroup>();
  /** The form's own word for the name. */
  readonly called = input.required<string>();
  /** What is wrong with the name. */
  readonly wrong = input.required<string | null>();

  protected readonly kinds: readonly OrganisationKind[] = ['letting_agent', 'housing_association', 'landlord'];
  protected readonly nations: readonly Nation[] = ['ENG', 'WLS', 'SCT', 'NIR'];
}

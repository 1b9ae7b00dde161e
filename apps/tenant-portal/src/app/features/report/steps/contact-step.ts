import { Component, ElementRef, computed, inject, signal, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { isEmail, isPhone } from '../../../draft/draft';
import { Wizard } from '../wizard';


@Component({
  selector: 'mu-contact-step',
  imports: [TranslocoPipe],
  template: `
    <form novalidate (submit)="go($event)">
      <p class="mb-4 text-muted">{{ 'report.contactHint' | transloco }}</p>
      <div class="mb-4">
        <label class="mu-label" for="name">{{ 'report.name' | transloco }}</label>
        <input #name id="name" class="mu-field" autocomplete="name" maxlength="200" dir="auto" [value]="wizard.draft()?.name ?? ''" (input)="wizard.change({ name: name.value })" />
      </div>
      <div class="mb-4">
        <label class="mu-label" for="email">{{ 'report.email' | transloco }}</label>
        @if (badEmail()) {
          <p id="email-problem" class="mb-1 text-overdue" role="alert">{{ 'report.emailBad' | transloco }}</p>
        }
        <input #email id="email" class="mu-field" type="email" autocomplete="email" maxlength="254" [value]="wizard.draft()?.email ?? ''" [attr.aria-invalid]="badEmail()" [attr.aria-describedby]="badEmail() ? 'email-problem' : null" (input)="wizard.change({ email: email.value })" />
      </div>
      <div class="mb-4">
        <label class="mu-label" for="phone">{{ 'report.phone' | transloco }}</label>
        @if (badPhone()) {
          <p id="phone-problem" class="mb-1 text-overdue" role="alert">{{ 'report.phoneBad' | transloco }}</p>
        }
        <input #phone id="phone" class="mu-field" type="tel" autocomplete="tel" maxlength="40" [value]="wizard.draft()?.phone ?? ''" [attr.aria-invalid]="badPhone()" [attr.aria-describedby]="badPhone() ? 'phone-problem' : null" (input)="wizard.change({ phone: phone.value })" />
      </div>
      @if (nothing()) {
        <p class="mu-panel mu-panel-warn mb-4">{{ 'report.contactNone' | transloco }}</p>
      }
      <button type="submit" class="mu-action">{{ (nothing() ? 'report.continueWithout' : 'report.continue') | transloco }}</button>
    </form>
  `,
})
export class ContactStep {
  protected readonly wizard = inject(Wizard);
  protected readonly badEmail = signal(false);
  protected readonly badPhone = signal(false);
  protected readonly nothing = computed(() => !this.wizard.draft()?.email.trim() && !this.wizard.draft()?.phone.trim());
  private readonly emailField = viewChild.required<ElementRef<HTMLInputElement>>('email');
  private readonly phoneField = viewChild.required<ElementRef<HTMLInputElement>>('phone');

  protected go(submit: Event): void {
    submit.preventDefault();
    const [email, phone] = [this.wizard.draft()?.email.trim() ?? '', this.wizard.draft()?.phone.trim() ?? ''];
    this.badEmail.set(email !== '' && !isEmail(email));
    this.badPhone.set(phone !== '' && !isPhone(phone));
    if (this.badEmail()) this.emailField().nativeElement.focus();
    else if (this.badPhone()) this.phoneField().nativeElement.focus();
    else void this.wizard.answer();
  }
}

import { Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Homes } from '../api/homes';
import type { Advice, EmergencyNumber, Organisation } from '../api/shapes';
import { Icon } from '@mu/shared/ui/icon';

/** A way to reach a person, at the end of every page. */
@Component({
  selector: 'mu-help',
  imports: [Icon, TranslocoPipe],
  template: `
    <h2 class="mb-1 text-base font-semibold">{{ 'help.heading' | transloco }}</h2>
    @if (organisation()?.phone; as phone) {
      <a class="mu-link" [href]="'tel:' + dialled(phone)">
        <mu-icon name="phone" size="20" /><span>{{ 'help.call' | transloco: { name: organisation()?.name, phone: unbroken(phone) } }}</span>
      </a>
    } @else {
      <p>{{ 'help.nobody' | transloco: { name: organisation()?.name ?? ('help.landlord' | transloco) } }}</p>
    }
    <p>
      {{ 'help.danger' | transloco }}
      <a class="mu-link" href="tel:999">{{ 'help.call999' | transloco }}</a>
    </p>
    @if (organisation()?.notices; as notices) {
      <p><a class="mu-link" [href]="notices">{{ 'help.notices' | transloco }}</a></p>
    }
  `,
})
export class Help {
  protected readonly organisation = inject(Homes).organisation;
  protected readonly dialled = dialled;
  protected readonly unbroken = (phone: string): string => phone.replaceAll(' ', '\u00a0');
}

export function dialled(number: string): string {
  return number.replace(/[^\d+]/g, '');
}

/** The one number to call in a danger. Where no service comes for it, the landlord does. */
export function firstCall(advice: Advice | null, organisation: Organisation | null): EmergencyNumber | null {
  const phone = organisation?.emergencyPhone ?? organisation?.phone;
  return advice?.call ?? (organisation && phone ? { label: organisation.name, number: phone, note: '' } : null);
}

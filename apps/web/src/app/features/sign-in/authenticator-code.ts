import { Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { AuthenticatorView } from '@mu/shared/api/generated/models';
import { addWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';

/** What an authenticator app scans, and the same to type. */
@Component({
  selector: 'mu-authenticator-code',
  imports: [TranslocoPipe],
  host: { class: 'flex flex-col gap-2' },
  template: `
    <svg class="size-44 rounded-md border border-hairline" role="img" [attr.aria-label]="'sign-in.qr' | transloco" [attr.viewBox]="'0 0 ' + shown().qrCode.size + ' ' + shown().qrCode.size" shape-rendering="crispEdges">
      <rect width="100%" height="100%" fill="white" />
      <path [attr.d]="shown().qrCode.path" fill="black" />
    </svg>
    <p class="text-muted">{{ 'sign-in.seed' | transloco }}</p>
    <p class="font-mono break-all select-all">{{ groups() }}</p>
  `,
})
export class AuthenticatorCode {
  readonly shown = input.required<AuthenticatorView>();

  constructor() {
    addWords({ 'sign-in': words });
  }

  protected groups(): string {
    return this.shown().seed.replace(/(.{4})(?=.)/g, '$1 ');
  }
}

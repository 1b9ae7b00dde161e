import { Component, computed, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ApiFailure } from '@mu/shared/api/failure';
import { comesRight } from '../../api/comes-right';
import { TenantApi } from '../../api/tenant-api';
import { toFailure } from '../../api/thrown';
import { Page } from '../../layouts/page';
import { Problem } from '../../layouts/problem';

/** Where the e-mailed link leads. Opening it uses nothing up, since mail scanners open links too: the button does. */
@Component({
  selector: 'mu-link-page',
  imports: [Page, Problem, RouterLink, TranslocoPipe],
  template: `
    <mu-page [heading]="'entry.linkHeading' | transloco">
      @if (failure(); as failure) {
        <mu-problem class="mb-4" [failure]="failure" />
      }
      @if (refused()) {
        <a class="mu-action" routerLink="/">{{ 'entry.newLink' | transloco }}</a>
      } @else {
        <p class="mb-4">{{ 'entry.linkText' | transloco }}</p>
        <button type="button" class="mu-action w-full" [disabled]="busy() || !token()" (click)="open()">{{ 'entry.linkOpen' | transloco }}</button>
        @if (!token()) {
          <p class="mt-3">{{ 'entry.linkEmpty' | transloco }}</p>
        }
      }
    </mu-page>
  `,
})
export class LinkPage {
  private readonly api = inject(TenantApi);
  private readonly router = inject(Router);
  protected readonly token = toSignal(inject(ActivatedRoute).fragment, { initialValue: null });
  protected readonly busy = signal(false);
  protected readonly failure = signal<ApiFailure | null>(null);
  /** Whether the link itself is no good. After any other failure it still works, and the button stays. */
  protected readonly refused = computed(() => {
    const failure = this.failure();
    return failure !== null && !comesRight(failure);
  });

  protected async open(): Promise<void> {
    this.busy.set(true);
    this.failure.set(null);
    try {
      await this.api.useEntryLink(this.token() ?? '');
      await this.router.navigate(['/mine'], { replaceUrl: true });
    } catch (thrown) {
      this.failure.set(toFailure(thrown));
    } finally {
      this.busy.set(false);
    }
  }
}

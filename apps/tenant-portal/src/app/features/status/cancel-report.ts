import { Component, type ElementRef, Injector, afterNextRender, inject, input, output, signal, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { TenantApi } from '../../api/tenant-api';
import { Problem } from '../../layouts/problem';

/** Takes a report back, with a reason. The button that does it says what it does. */
@Component({
  selector: 'mu-cancel-report',
  imports: [Problem, TranslocoPipe],
  template: `
    @if (open()) {
      <form class="mu-panel" aria-labelledby="cancel-heading" novalidate (submit)="cancel($event, reason.value)">
        <h2 id="cancel-heading" class="mb-2">{{ 'status.cancelHeading' | transloco }}</h2>
        <p class="mb-3">{{ 'status.cancelText' | transloco }}</p>
        <label class="mu-label" for="reason">{{ 'status.cancelReason' | transloco }}</label>
        @if (missing()) {
          <p id="reason-problem" class="mb-1 text-overdue" role="alert">{{ 'status.writeFirst' | transloco }}</p>
        }
        <input #reason id="reason" class="mu-field" dir="auto" maxlength="500" [attr.aria-invalid]="missing()" [attr.aria-describedby]="missing() ? 'reason-problem' : null" />
        @if (failure(); as failure) {
          <mu-problem class="mt-3" [failure]="failure" />
        }
        <div class="mt-3 flex flex-wrap gap-3">
          <button type="submit" class="mu-action mu-action-stop" [attr.aria-disabled]="busy()">{{ 'status.cancelDo' | transloco: { reference: reference() } }}</button>
          <button type="button" class="mu-action mu-action-quiet" (click)="show(false)">{{ 'status.cancelNot' | transloco }}</button>
        </div>
      </form>
    } @else {
      <button #opener type="button" class="mu-link" (click)="show(true)">{{ 'status.cancel' | transloco }}</button>
    }
  `,
})
export class CancelReport {
  readonly token = input.required<string>();
  readonly reference = input.required<string>();
  readonly cancelled = output();

  private readonly api = inject(TenantApi);
  private readonly injector = inject(Injector);
  private readonly opener = viewChild<ElementRef<HTMLElement>>('opener');
  private readonly field = viewChild<ElementRef<HTMLElement>>('reason');
  protected readonly open = signal(false);
  protected readonly missing = signal(false);
  protected readonly busy = signal(false);
  protected readonly failure = signal<unknown>(null);
  private readonly key = crypto.randomUUID();

  /** The focus goes along, into the form and back to what opened it. */
  protected show(open: boolean): void {
    this.open.set(open);
    afterNextRender(() => (this.field() ?? this.opener())?.nativeElement.focus(), { injector: this.injector });
  }

  protected async cancel(submit: Event, typed: string): Promise<void> {
    submit.preventDefault();
    const reason = typed.trim();
    this.missing.set(!reason);
    if (!reason || this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    try {
      await this.api.cancel(this.token(), reason, this.key);
      this.open.set(false);
      this.cancelled.emit();
    } catch (failure) {
      this.failure.set(failure);
    } finally {
      this.busy.set(false);
    }
  }
}

import { Component, computed, inject, input, output, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Nation, Organisation } from '../../api/shapes';
import { TenantApi } from '../../api/tenant-api';
import { addWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { dialled, firstCall } from '../../layouts/help';
import { Problem } from '../../layouts/problem';
import { adviceOn, questionOf } from './advice';
import words from './en.json';

/** Asks whether a danger that somebody's words tell of, or that they chose, is happening now; a yes raises the alarm. */
@Component({
  selector: 'mu-heard-danger',
  imports: [Icon, Problem, TranslocoPipe],
  template: `
    @if (advice(); as told) {
      <section class="mu-panel mu-panel-alarm mb-4" role="alert">
        <h2>{{ 'advice.heard' | transloco }}</h2>
        <p class="my-2 text-lg font-semibold">{{ question() }}</p>
        @if (isNow()) {
          <ol class="mu-advice list-decimal ps-6">
            @for (sentence of told.advice; track sentence) {
              <li>{{ sentence }}</li>
            }
          </ol>
          @if (call(); as call) {
            <a class="mu-action mu-action-call my-3" [href]="'tel:' + dialled(call.number)"><mu-icon name="phone" size="24" />{{ 'danger.callNow' | transloco: { number: call.number } }}</a>
          }
        }
        @if (failure(); as failure) {
          <p class="font-semibold">{{ 'advice.notSent' | transloco }}</p>
          <mu-problem class="my-2" [failure]="failure" />
        }
        <div class="mt-3 flex flex-wrap gap-3">
          <button type="button" class="mu-action" [attr.aria-disabled]="busy()" (click)="tell()">{{ (failure() ? 'advice.again' : 'advice.isNow') | transloco }}</button>
          @if (!isNow()) {
            <button type="button" class="mu-action mu-action-quiet" (click)="harmless.emit()">{{ 'advice.isNot' | transloco }}</button>
          }
        </div>
      </section>
    }
  `,
})
export class HeardDanger {
  readonly danger = input.required<string>();
  readonly nation = input.required<Nation>();
  readonly organisation = input<Organisation | null>(null);
  /** Opens the report that is about it. */
  readonly token = input.required<string>();
  readonly raised = output();
  readonly harmless = output();

  private readonly api = inject(TenantApi);
  protected readonly dialled = dialled;
  protected readonly busy = signal(false);
  /** What to do stands there as soon as somebody says yes, whether or not the network takes it. */
  protected readonly isNow = signal(false);
  protected readonly failure = signal<unknown>(null);
  protected readonly advice = computed(() => adviceOn(this.danger(), this.nation()));
  protected readonly question = computed(() => questionOf(this.danger()));
  protected readonly call = computed(() => firstCall(this.advice(), this.organisation()));

  constructor() {
    addWords({ advice: words });
  }

  protected async tell(): Promise<void> {
    if (this.busy()) return;
    this.isNow.set(true);
    this.busy.set(true);
    this.failure.set(null);
    try {
      await this.api.raiseAlarm(this.token(), this.danger());
      this.raised.emit();
    } catch (failure) {
      this.failure.set(failure);
    } finally {
      this.busy.set(false);
    }
  }
}

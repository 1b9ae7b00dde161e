import { Component, computed, inject, input } from '@angular/core';
import { Now } from './now';
import { type Instant, moment, relative } from './when';

/** "in 3 days", with the exact London time on hover. */
@Component({
  selector: 'mu-relative-time',
  template: `<time class="whitespace-nowrap" [attr.datetime]="machine()" [title]="exact()">{{ words() }}</time>`,
})
export class RelativeTime {
  readonly at = input.required<Instant>();

  private readonly now = inject(Now);
  protected readonly machine = computed(() => new Date(this.at()).toISOString());
  protected readonly words = computed(() => relative(this.at(), this.now.at()));
  protected readonly exact = computed(() => moment(this.at(), this.now.at()));
}

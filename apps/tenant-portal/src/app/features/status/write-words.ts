import { Component, effect, inject, input, output, signal, untracked } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { TenantApi } from '../../api/tenant-api';
import { LONGEST_WORDS, WEEK } from '../../draft/draft';
import { Keep } from '../../draft/keep';
import { unsentWords } from '../../draft/sweep';
import { Problem } from '../../layouts/problem';

/** Words that have not arrived; the key makes one message of two tries. */
interface Unsent {
  readonly text: string;
  readonly key: string;
  readonly at: number;
}

let boxes = 0;

/** A box for words that go to the landlord. What was typed stays on the phone until it has arrived, and arrives once. */
@Component({
  selector: 'mu-write-words',
  imports: [Problem, TranslocoPipe],
  template: `
    <form novalidate (submit)="send($event)">
      <label class="mu-label" [for]="id">{{ label() }}</label>
      @if (missing()) {
        <p class="mb-1 text-overdue" role="alert" [id]="id + '-problem'">{{ 'status.writeFirst' | transloco }}</p>
      }
      <textarea
        #field
        class="mu-field min-h-24"
        rows="3"
        dir="auto"
        [id]="id"
        [attr.maxlength]="longest"
        [value]="text()"
        [attr.aria-invalid]="missing()"
        [attr.aria-describedby]="missing() ? id + '-problem' : null"
        (input)="type(field.value)"
      ></textarea>
      @if (failure(); as failure) {
        <mu-problem class="my-2" [failure]="failure" />
      }
      <p role="status">
        @if (arrived()) {
          {{ 'status.arrived' | transloco }}
        }
      </p>
      <button type="submit" class="mu-action mu-action-quiet mt-2" [disabled]="busy()">{{ button() }}</button>
    </form>
  `,
})
export class WriteWords {
  readonly token = input.required<string>();
  readonly label = input.required<string>();
  readonly button = input.required<string>();
  readonly sent = output();

  private readonly api = inject(TenantApi);
  private readonly keep = inject(Keep);
  protected readonly id = `words-${(++boxes).toString()}`;
  protected readonly longest = LONGEST_WORDS;
  protected readonly text = signal('');
  protected readonly missing = signal(false);
  protected readonly busy = signal(false);
  protected readonly arrived = signal(false);
  protected readonly failure = signal<unknown>(null);
  private key: string = crypto.randomUUID();

  constructor() {
    effect(() => {
      const token = this.token();
      untracked(() => void this.remember(token));
    });
  }

  private async remember(token: string): Promise<void> {
    const kept = await this.keep.get<Unsent>('kept', unsentWords(token));
    if (!kept || this.text() || Date.now() - kept.at > WEEK) return;
    this.text.set(kept.text);
    this.key = kept.key;
  }

  protected type(text: string): void {
    if (text !== this.text()) this.key = crypto.randomUUID();
    this.text.set(text);
    this.arrived.set(false);
    if (text) void this.keep.put('kept', unsentWords(this.token()), { text, key: this.key, at: Date.now() } satisfies Unsent);
    else void this.keep.remove('kept', unsentWords(this.token()));
  }

  protected async send(submit: Event): Promise<void> {
    submit.preventDefault();
    const text = this.text().trim();
    this.missing.set(!text);
    if (!text || this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    try {
      await this.api.addWords(this.token(), text, this.key);
      this.type('');
      this.arrived.set(true);
      this.sent.emit();
    } catch (failure) {
      this.failure.set(failure);
    } finally {
      this.busy.set(false);
    }
  }
}

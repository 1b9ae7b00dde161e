import { Component, DOCUMENT, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { toFailure } from '@mu/shared/api/failure';
import { decideCopy } from '@mu/shared/api/generated/fn/privacy/decide-copy';
import { releaseCopy } from '@mu/shared/api/generated/fn/privacy/release-copy';
import { reviewCopy } from '@mu/shared/api/generated/fn/privacy/review-copy';
import { takeCopy } from '@mu/shared/api/generated/fn/privacy/take-copy';
import type { ReviewView } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { day } from '@mu/shared/ui/when';

/** What will go out to somebody who asked for a copy, for a person to look through and release. */
@Component({
  selector: 'mu-review-page',
  imports: [Icon, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './review-page.html',
})
export class ReviewPage {
  readonly requestId = input.required<string>();

  private readonly api = inject(Api);
  private readonly now = inject(Now);
  private readonly document = inject(DOCUMENT);
  private readonly failed = failureWords();

  protected readonly review = signal<ReviewView | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  private readonly leftOut = computed(() => {
    const all = this.review();
    return [...(all?.pieces ?? []), ...(all?.photos ?? [])].filter(({ isLeftOut }) => isLeftOut).map(({ key }) => key);
  });

  constructor() {
    effect(() => {
      const id = this.requestId();
      untracked(() => void this.do(async () => { this.review.set(await this.api.call(reviewCopy, { request_id: id })); }));
    });
  }

  protected hide(event: Event, field: HTMLInputElement): void {
    event.preventDefault();
    const words = field.value.trim();
    if (!words) return;
    field.value = '';
    void this.decide([...(this.review()?.words ?? []), words], this.leftOut());
  }

  protected show(words: string): void {
    void this.decide((this.review()?.words ?? []).filter((one) => one !== words), this.leftOut());
  }

  protected toggle(key: string): void {
    const now = this.leftOut();
    void this.decide(this.review()?.words ?? [], now.includes(key) ? now.filter((one) => one !== key) : [...now, key]);
  }

  protected release(): void {
    void this.do(async () => {
      const { releasedAt, version } = await this.api.call(releaseCopy, this.named());
      this.review.update((review) => review && { ...review, releasedAt, version });
    });
  }

  protected take(): void {
    void this.do(async () => {
      const { content, fileName } = await this.api.call(takeCopy, { request_id: this.requestId() });
      const link = this.document.createElement('a');
      link.href = URL.createObjectURL(new Blob([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], { type: 'application/zip' }));
      link.download = fileName;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  protected on(at: string): string {
    return day(at, this.now.at());
  }

  private decide(words: readonly string[], leftOut: readonly string[]): Promise<void> {
    return this.do(async () => {
      this.review.set(await this.api.call(decideCopy, { ...this.named(), body: { words: [...words], leftOut: [...leftOut] } }));
    });
  }

  private named(): { request_id: string; 'if-match': string } {
    return { request_id: this.requestId(), 'if-match': etag(this.review() ?? { version: 0 }) };
  }

  private async do(ask: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    this.failure.set(null);
    try {
      await ask();
    } catch (thrown) {
      this.failure.set(this.failed(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }
}

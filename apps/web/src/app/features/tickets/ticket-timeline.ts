import { Component, input, output, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ApiFailure } from '@mu/shared/api/failure';
import { Counted } from '@mu/shared/i18n/counted';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Skeleton } from '@mu/shared/ui/skeleton';
import type { Ticket } from './ticket';
import { type Line, type Passage } from './timeline';
import { TimelineLine } from './timeline-line';

/** The story of a ticket, oldest first: the newest stands next to where one answers. */
@Component({
  selector: 'mu-ticket-timeline',
  imports: [Counted, ErrorState, Icon, Skeleton, TimelineLine, TranslocoPipe],
  host: { class: 'block' },
  template: `
    <h2 class="sr-only">{{ 'tickets.timeline.title' | transloco }}</h2>
    @switch (phase()) {
      @case ('loading') {
        <div class="flex flex-col gap-3" aria-hidden="true">
          @for (width of ['55%', '70%', '45%']; track width) {
            <span class="flex items-center gap-3"><mu-skeleton width="1.5rem" height="1.5rem" /><mu-skeleton [width]="width" /></span>
          }
        </div>
      }
      @case ('failed') {
        <mu-error-state [heading]="'tickets.timeline.failed' | transloco" [failure]="failure()" (retry)="retry.emit()" />
      }
      @case ('ready') {
        @if (hasEarlier()) {
          <button type="button" class="mu-button mb-3" (click)="earlier.emit()">{{ 'tickets.timeline.earlier' | transloco }}</button>
        }
        <ol class="flex flex-col gap-0.5 [&>li]:relative [&>li:not(:last-child)]:before:absolute [&>li:not(:last-child)]:before:top-3 [&>li:not(:last-child)]:before:-bottom-4 [&>li:not(:last-child)]:before:left-3 [&>li:not(:last-child)]:before:w-px [&>li:not(:last-child)]:before:bg-hairline">
          @for (passage of passages(); track passage.is === 'line' ? passage.line.id : passage.id) {
            @if (passage.is === 'line') {
              <li><mu-timeline-line [line]="passage.line" [report]="report()" [touched]="lit(passage.line)" (photo)="photo.emit($event)" /></li>
            } @else if (unfolded().has(passage.id)) {
              @for (line of passage.lines; track line.id) {
                <li><mu-timeline-line [line]="line" [report]="report()" [touched]="lit(line)" (photo)="photo.emit($event)" /></li>
              }
            } @else {
              <li class="relative">
                <button type="button" class="flex min-h-8 items-center gap-3 rounded-md pr-2 text-xs text-muted hover:text-ink" aria-expanded="false" (click)="unfold(passage.id)">
                  <span class="grid size-6 place-items-center bg-surface"><mu-icon name="more" size="16" /></span>
                  {{ 'tickets.timeline.folded' | counted: passage.lines.length }}
                </button>
              </li>
            }
          }
        </ol>
      }
    }
  `,
})
export class TicketTimeline {
  readonly passages = input.required<readonly Passage[]>();
  readonly report = input.required<Pick<Ticket, 'reporter' | 'channel'> | null>();
  readonly phase = input.required<'loading' | 'ready' | 'failed'>();
  readonly failure = input.required<ApiFailure | null>();
  readonly hasEarlier = input.required<boolean>();
  readonly touched = input.required<ReadonlySet<string>>();
  /** The id of a photo that somebody wants to see. */
  readonly photo = output<string>();
  readonly earlier = output();
  readonly retry = output();

  protected readonly unfolded = signal<ReadonlySet<string>>(new Set());

  protected lit({ ids }: Line): boolean {
    return ids.some((id) => this.touched().has(id));
  }

  protected unfold(id: string): void {
    this.unfolded.update((unfolded) => new Set(unfolded).add(id));
  }
}

import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { TranslocoPipe } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { GivesBack } from '@mu/shared/ui/gives-back';
import { Icon } from '@mu/shared/ui/icon';
import { Drafts } from './drafts';
import { Story } from './story';
import { TicketStore } from './ticket-store';

export const LONGEST_NOTE = 10_000;

interface NoteDraft {
  readonly body: string;
  /** Stays the same however often sending is tried. */
  readonly key: string;
}

/** Where colleagues write to each other. */
@Component({
  selector: 'mu-note-composer',
  imports: [Counted, GivesBack, Icon, ReactiveFormsModule, TranslocoPipe],
  host: { class: '[anchor-name:--mu-foot] block border-t border-hairline bg-surface px-4 py-3' },
  template: `
    <form class="flex flex-col rounded-md border border-hairline border-l-3 border-l-due-soon focus-within:border-y-edge focus-within:border-r-edge" (submit)="send($event)">
      <label class="sr-only" for="note">{{ 'tickets.note.label' | transloco }}</label>
      <textarea
        dir="auto"
        muGivesBack
        id="note"
        rows="1"
        class="field-sizing-content max-h-60 min-h-10 resize-none rounded-t-md bg-transparent px-3 py-2.5 text-base outline-none placeholder:text-muted sm:text-sm"
        aria-describedby="note-who note-failure"
        [formControl]="body"
        [placeholder]="'tickets.note.label' | transloco"
        (focus)="focused.set(true)"
        (blur)="focused.set(false)"
        (keydown.control.enter)="send($event)"
        (keydown.meta.enter)="send($event)"
      ></textarea>
      <div class="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 pb-2" [class.sr-only]="!awake()">
        <p id="note-who" class="flex items-center gap-1.5 text-xs text-due-soon"><mu-icon name="lock" size="14" />{{ 'tickets.note.who' | transloco }}</p>
        <p id="note-failure" class="text-xs text-overdue empty:hidden" role="alert">
          @if (failure(); as words) { {{ words }} }
          @else if (tooLong()) { {{ 'tickets.note.tooLong' | counted: tooLong() }} }
        </p>
        <button type="submit" class="mu-button ml-auto" [disabled]="!ready()" [attr.aria-busy]="busy()">{{ 'tickets.note.add' | transloco }}</button>
      </div>
    </form>
  `,
})
export class NoteComposer {
  readonly ticketId = input.required<string>();

  private readonly drafts = inject(Drafts);
  private readonly story = inject(Story);
  private readonly store = inject(TicketStore);
  private readonly words = failureWords();
  private key = crypto.randomUUID() as string;

  protected readonly body = new FormControl('', { nonNullable: true });
  protected readonly busy = signal(false);
  protected readonly failure = signal<string | null>(null);
  private readonly text = signal('');
  protected readonly tooLong = computed(() => Math.max(0, this.text().trim().length - LONGEST_NOTE));
  protected readonly focused = signal(false);
  /** At rest it takes one line, and the story gets the room. */
  protected readonly awake = computed(() => this.focused() || this.text() !== '' || this.failure() !== null);
  protected readonly ready = computed(() => this.text().trim() !== '' && !this.tooLong() && !this.busy());

  constructor() {
    effect(() => {
      const draft = this.drafts.read(this.name(this.ticketId())) as NoteDraft | null;
      untracked(() => {
        this.key = draft?.key ?? crypto.randomUUID();
        this.failure.set(null);
        this.body.setValue(draft?.body ?? '');
      });
    });
    this.body.valueChanges.pipe(takeUntilDestroyed()).subscribe((body) => {
      this.text.set(body);
      if (body.trim()) this.drafts.keep(this.name(this.ticketId()), { body, key: this.key } satisfies NoteDraft);
      else this.drafts.drop(this.name(this.ticketId()));
    });
  }

  protected async send(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.ready()) return;
    const id = this.ticketId();
    const body = this.body.value.trim();
    this.busy.set(true);
    this.failure.set(null);
    try {
      await this.story.note(id, body, this.key);
      this.drafts.drop(this.name(id));
      if (id === this.ticketId() && this.body.value.trim() === body) this.body.setValue('');
      this.key = crypto.randomUUID();
      void this.store.fetch(id);
    } catch (thrown) {
      const failure = toFailure(thrown);
      // A refused try was not carried out. One without an answer may have been: it keeps its key.
      if (failure.status >= 400 && failure.status < 500) this.key = crypto.randomUUID();
      this.failure.set(failure.fields['body']?.[0] ?? this.words(failure));
    } finally {
      this.busy.set(false);
    }
  }

  private name(ticketId: string): string {
    return `note:${ticketId}`;
  }
}

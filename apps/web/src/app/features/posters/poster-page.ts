import { type ElementRef, Component, DOCUMENT, computed, effect, inject, input, signal, untracked, viewChild } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { poster } from '@mu/shared/api/generated/fn/links/poster';
import { replacePoster } from '@mu/shared/api/generated/fn/links/replace-poster';
import type { Poster } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';

/** What hangs in a hallway, one sheet of A4: how whoever lives there reports a repair. */
@Component({
  selector: 'mu-poster-page',
  imports: [ErrorState, Icon, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './poster-page.html',
  styleUrl: './poster-page.css',
})
export class PosterPage {
  readonly homeId = input.required<string>();

  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly failed = failureWords();
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  protected readonly replaceButton = viewChild<ElementRef<HTMLButtonElement>>('replaceButton');
  private key = '';

  protected readonly poster = signal<Poster | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly mayReplace = computed(() => this.session.can('tickets:triage'));
  /** As people say and type it; a browser adds the rest. */
  protected readonly portal = computed(() => this.poster()?.portal.replace(/^https?:\/\//, '') ?? '');

  constructor() {
    effect(() => {
      this.homeId();
      untracked(() => void this.load());
    });
  }

  protected async load(): Promise<void> {
    const home = this.homeId();
    this.poster.set(null);
    this.broken.set(null);
    try {
      const found = await this.api.call(poster, { home_id: home });
      if (home === this.homeId()) this.poster.set(found);
    } catch (thrown) {
      if (home === this.homeId()) this.broken.set(toFailure(thrown));
    }
  }

  protected print(): void {
    this.window?.print();
  }

  protected ask(): void {
    this.key = crypto.randomUUID();
    this.failure.set(null);
    this.dialog().nativeElement.showModal();
  }

  protected async replace(): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    try {
      await this.api.call(replacePoster, { home_id: this.homeId() }, this.key);
      this.dialog().nativeElement.close();
      this.toasts.show(this.words.translate('posters.confirm.done'));
      await this.load();
    } catch (thrown) {
      this.failure.set(this.failed(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }
}

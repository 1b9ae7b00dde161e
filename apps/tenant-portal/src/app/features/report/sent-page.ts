import { Component, computed, effect, inject, input, viewChild } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { CopyLink } from '../../layouts/copy-link';
import { Icon } from '@mu/shared/ui/icon';
import { Homes } from '../../api/homes';
import { type Receipt, inDanger } from '../../draft/draft';
import { Drafts } from '../../draft/drafts';
import { Sending } from '../../draft/sending';
import { Page } from '../../layouts/page';
import { Problem } from '../../layouts/problem';
import { HeardDanger } from '../advice/heard-danger';
import { PhotoPicker } from '../../photos/photo-picker';
import { Photos } from '../../photos/photos';

/** How the report fares: under way, waiting for the network, or arrived, with the link to all that follows. */
@Component({
  selector: 'mu-sent-page',
  imports: [CopyLink, HeardDanger, Icon, Page, PhotoPicker, Problem, RouterLink, TranslocoPipe],
  templateUrl: './sent-page.html',
})
export class SentPage {
  readonly link = input.required<string>();

  protected readonly sending = inject(Sending);
  private readonly homes = inject(Homes);
  private readonly drafts = inject(Drafts);
  private readonly photos = inject(Photos);
  private readonly router = inject(Router);
  private readonly words = inject(TranslocoService);
  private readonly page = viewChild.required(Page);
  protected readonly canShare = 'share' in navigator;
  protected readonly name = computed(() => this.homes.organisation()?.name ?? this.words.translate('danger.fallback'));
  protected readonly organisation = this.homes.organisation;
  protected readonly nation = computed(() => this.homes.home()?.nation ?? 'ENG');

  protected readonly draft = computed(() => {
    const handedOver = this.drafts.all().filter((draft) => {
      const refused = this.sending.fares()[draft.submissionKey]?.state === 'refused';
      return draft.link === this.link() && !inDanger(draft) && (draft.state !== 'writing' || refused);
    });
    return handedOver.at(-1) ?? null;
  });
  protected readonly sent = computed(() => this.draft()?.sent ?? null);
  private readonly fare = computed(() => this.sending.fares()[this.draft()?.submissionKey ?? '']);
  protected readonly failure = computed(() => {
    const fare = this.fare();
    if (fare?.state === 'refused') return fare.failure;
    // A network that is away has words of its own; who sends too much is told until when to wait.
    return fare?.state === 'waiting' && fare.failure.status === 429 ? fare.failure : null;
  });
  protected readonly state = computed(() => {
    if (!this.draft()) return 'nothing';
    return this.sent() ? 'sent' : (this.fare()?.state ?? 'waiting');
  });
  protected readonly pending = computed(() => this.photos.of(this.draft()?.submissionKey ?? '').length > 0);

  constructor() {
    effect(() => {
      void this.homes.open(this.link());
    });
  }

  /** The report's own page says what to do, and who looks after it. */
  protected async follow(sent: Receipt): Promise<void> {
    await this.judged(sent);
    await this.router.navigate(['/status'], { fragment: sent.statusToken });
  }

  protected calm(sent: Receipt): void {
    this.page().begin();
    void this.judged(sent);
  }

  private async judged(sent: Receipt): Promise<void> {
    await this.drafts.change(this.draft()?.submissionKey ?? '', { sent: { ...sent, soundsLike: null } });
  }

  protected async share(): Promise<void> {
    const text = this.words.translate('report.shareText', { reference: this.sent()?.reference });
    // Whoever closes the sheet has shared nothing, and that is all right.
    await navigator.share({ title: text, url: this.address() }).catch(() => undefined);
  }

  protected address(): string {
    return new URL(`status#${this.sent()?.statusToken ?? ''}`, document.baseURI).href;
  }
}

import { Component, computed, effect, inject, signal, untracked, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { knownWords } from '@mu/shared/i18n/catalogue';
import { CopyLink } from '../../layouts/copy-link';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { moment, relative } from '@mu/shared/ui/when';
import { comesRight } from '../../api/comes-right';
import { DANGERS } from '../../api/homes';
import type { SentPhoto } from '../../api/shapes';
import { Sending } from '../../draft/sending';
import { dialled, firstCall } from '../../layouts/help';
import { Page } from '../../layouts/page';
import { Problem } from '../../layouts/problem';
import { PhotoPicker } from '../../photos/photo-picker';
import { Photos } from '../../photos/photos';
import { adviceOn } from '../advice/advice';
import { HeardDanger } from '../advice/heard-danger';
import { CancelReport } from './cancel-report';
import { StatusStore } from './status-store';
import { WriteWords } from './write-words';

/** Stages in which nobody is in danger any more, or nobody comes. */
const OVER = ['done', 'closed', 'rejected', 'cancelled', 'merged'];

/** Stages in which nobody has decided yet what will be done. */
const EARLY = ['received', 'being_looked_at'];

/** Where a report stands, in plain sentences: what happens next, by when, and what its tenant can add. */
@Component({
  selector: 'mu-status-page',
  imports: [CancelReport, CopyLink, HeardDanger, Icon, Page, PhotoPicker, Problem, RouterLink, Skeleton, TranslocoPipe, WriteWords],
  providers: [StatusStore],
  templateUrl: './status-page.html',
})
export class StatusPage {
  protected readonly store = inject(StatusStore);
  private readonly sending = inject(Sending);
  private readonly photos = inject(Photos);
  private readonly now = inject(Now);
  private readonly find = knownWords();
  private readonly words = inject(TranslocoService);
  private readonly page = viewChild.required(Page);
  private readonly fragment = toSignal(inject(ActivatedRoute).fragment, { initialValue: null });
  protected readonly dialled = dialled;
  protected readonly address = (): string => location.href;

  protected readonly danger = computed(() => {
    const status = this.store.status();
    return status?.danger && !OVER.includes(status.stage) ? adviceOn(status.danger, status.nation) : null;
  });
  protected readonly sentence = computed(() => {
    const status = this.store.status();
    if (!status) return '';
    const key = `status.stages.${status.stage}`;
    return this.words.translate(this.find(key) ? key : 'status.stages.other', { name: status.organisation.name });
  });
  protected readonly next = computed(() => {
    const status = this.store.status();
    const key = `status.nexts.${this.danger() && EARLY.includes(status?.stage ?? '') ? 'danger' : (status?.stage ?? '')}`;
    return this.find(key) ? this.words.translate(key, { name: status?.organisation.name }) : '';
  });
  protected readonly due = computed(() => {
    const by = this.store.status()?.dueAt;
    return by ? { at: `${moment(by, this.now.at())} (${relative(by, this.now.at())})`, late: new Date(by) < this.now.at() } : null;
  });

  /** How many photos the landlord has; one that was refused leaves its room to another. */
  protected readonly known = computed(() => this.store.photos().filter(({ state }) => state !== 'refused').length);
  /** Whether it helps to try again. */
  protected readonly mends = comesRight;
  protected readonly firstCall = computed(() => firstCall(this.danger(), this.store.status()?.organisation ?? null));
  /** Whether a danger that was told waits for somebody to look after it. */
  protected readonly inDanger = computed(() => Boolean(this.danger()) && !this.store.status()?.isDangerAcknowledged);
  protected readonly harmless = signal('');
  private readonly chosen = signal('');
  /** What the words sounded like, or what has been chosen since: asked about once. */
  protected readonly heard = computed(() => {
    const heard = this.chosen() || this.store.status()?.soundsLike;
    return heard && heard !== this.harmless() && !this.inDanger() ? heard : '';
  });
  protected readonly dangers = DANGERS;

  /** Whoever has said that they look after the danger. */
  protected readonly rescuer = computed(() => {
    const { dangerAcknowledgedBy: person, organisation } = this.store.status() ?? {};
    return person ? this.words.translate('status.rescuer', { person, name: organisation?.name }) : (organisation?.name ?? '');
  });

  constructor() {
    effect(() => {
      const token = this.fragment();
      if (token) untracked(() => void this.store.open(token));
    });
    // A photo that has arrived is shown by the other side from now on.
    let left = 0;
    effect(() => {
      const onThisPhone = this.photos.of(this.store.token()).length;
      if (onThisPhone < left) untracked(() => void this.store.read());
      left = onThisPhone;
    });
  }

  protected choose(danger: string): void {
    this.harmless.set('');
    this.chosen.set(danger);
    this.page().begin();
  }

  protected judged(danger: string): void {
    this.harmless.set(danger);
    this.page().begin();
  }

  /** What to do stands there until the report itself says it. */
  protected async raised(): Promise<void> {
    this.page().begin();
    await this.store.read();
    this.chosen.set('');
  }

  protected cancelled(): void {
    this.page().begin();
    void this.store.read();
  }

  protected deliver(): void {
    void this.sending.resume();
  }

  protected when(at: string): string {
    return moment(at, this.now.at());
  }

  protected who(who: string): string {
    return who === 'you' ? this.words.translate('status.you') : (this.store.status()?.organisation.name ?? '');
  }

  protected photoState({ state, refusal }: SentPhoto): string {
    if (state !== 'refused') return this.words.translate('status.photoComes');
    return this.find(`photos.problems.${refusal ?? ''}`) ?? this.words.translate('photos.problems.other');
  }
}

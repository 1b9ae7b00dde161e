import { Component, DestroyRef, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { answerPrivacyRequest } from '@mu/shared/api/generated/fn/privacy/answer-privacy-request';
import { extendPrivacyRequest } from '@mu/shared/api/generated/fn/privacy/extend-privacy-request';
import { listPrivacyRequests } from '@mu/shared/api/generated/fn/privacy/list-privacy-requests';
import { receivePrivacyRequest } from '@mu/shared/api/generated/fn/privacy/receive-privacy-request';
import { refusePrivacyRequest } from '@mu/shared/api/generated/fn/privacy/refuse-privacy-request';
import { searchAnywhere } from '@mu/shared/api/generated/fn/search/search-anywhere';
import type { FoundPerson, PrivacyRequestList, PrivacyRequestView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Now } from '@mu/shared/ui/now';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import { type RecordForm, type Values, changing, partOf, text } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { calendarDay } from '@mu/shared/ui/when';

const TYPING = 180;
const BECAUSE: RecordForm['fields'] = [{ name: 'because', label: 'privacy.because', kind: 'area' }];

/** What people have asked about their own data, with the day by which each must be answered. */
@Component({
  selector: 'mu-privacy-page',
  imports: [ErrorState, RecordDialog, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './privacy-page.html',
})
export class PrivacyPage {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly failed = failureWords();
  private readonly words = inject(TranslocoService);
  private readonly toasts = inject(Toasts);
  private readonly now = inject(Now);
  private question = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected readonly requests = signal<readonly PrivacyRequestView[] | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly found = signal<readonly FoundPerson[]>([]);
  protected readonly person = signal<FoundPerson | null>(null);
  protected readonly open = signal(false);
  protected readonly at = signal(0);
  /** Why no name stands in the list. */
  protected readonly notFound = signal<string | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly busy = signal(false);
  protected readonly mayAnswer = computed(() => this.session.can('privacy:dsar'));
  protected readonly mayErase = computed(() => this.session.can('privacy:erase'));
  protected readonly today = calendarDay(this.now.at());

  constructor() {
    inject(DestroyRef).onDestroy(() => { clearTimeout(this.timer); });
    void this.load();
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      this.requests.set((await this.api.call(listPrivacyRequests, {})).items);
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected look(typed: string): void {
    clearTimeout(this.timer);
    this.person.set(null);
    this.timer = setTimeout(() => void this.find(typed.trim()), TYPING);
  }

  protected keyed(event: KeyboardEvent): void {
    const last = this.found().length - 1;
    const one = this.open() ? this.found()[this.at()] : undefined;
    if (event.isComposing || !this.open()) return;
    if (event.key === 'ArrowDown' && last >= 0) this.at.update((at) => (at === last ? 0 : at + 1));
    else if (event.key === 'ArrowUp' && last >= 0) this.at.update((at) => (at === 0 ? last : at - 1));
    else if (event.key === 'Enter' && one) this.choose(one);
    else if (event.key === 'Escape') this.open.set(false);
    else return;
    event.preventDefault();
  }

  protected choose(person: FoundPerson): void {
    this.person.set(person);
    this.open.set(false);
  }

  protected async add(event: Event, kind: string, receivedOn: string): Promise<void> {
    event.preventDefault();
    const person = this.person();
    if (!person || this.busy() || (kind !== 'access' && kind !== 'erasure')) return;
    this.busy.set(true);
    this.failure.set(null);
    try {
      this.requests.set((await this.api.call(receivePrivacyRequest, { body: { personId: person.id, kind, receivedOn } })).items);
      this.person.set(null);
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.failure.set(Object.values(failure.fields)[0]?.[0] ?? this.failed(failure));
    } finally {
      this.busy.set(false);
    }
  }

  protected answer(request: PrivacyRequestView): RecordForm {
    const told = { title: `privacy.answer.${request.kind}`, text: request.kind === 'erasure' ? 'privacy.forgetting' : 'privacy.answering', submit: `privacy.answer.${request.kind}` };
    return { ...told, ...this.asks(request, [], (named) => this.api.call(answerPrivacyRequest, named)) };
  }

  protected extension(request: PrivacyRequestView): RecordForm {
    const told = { title: 'privacy.extend', submit: 'privacy.extend' };
    return { ...told, ...this.asks(request, BECAUSE, (named, because) => this.api.call(extendPrivacyRequest, { ...named, body: { because } })) };
  }

  protected refusal(request: PrivacyRequestView): RecordForm {
    const told = { title: 'privacy.refuse', submit: 'privacy.refuse' };
    return { ...told, ...this.asks(request, BECAUSE, (named, because) => this.api.call(refusePrivacyRequest, { ...named, body: { because } })) };
  }

  protected saved(): void {
    this.toasts.show(this.words.translate('privacy.saved'));
  }

  protected isLate({ dueOn, status }: PrivacyRequestView): boolean {
    return status === 'open' && dueOn < this.today;
  }

  protected day(date: string | null): string {
    return date === null ? '' : new Date(date).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/London' });
  }

  /** A question about one request. What a refusal shows instead is the list as it is now. */
  private asks(
    request: PrivacyRequestView, fields: RecordForm['fields'], ask: (named: { request_id: string; 'if-match': string }, because: string) => Promise<PrivacyRequestList>,
  ): Omit<RecordForm, 'title' | 'submit'> {
    const save = async (one: PrivacyRequestView, values: Values): Promise<void> => {
      this.requests.set((await ask({ request_id: one.id, 'if-match': etag(one) }, text(values, 'because'))).items);
    };
    return {
      names: { name: request.personName }, fields,
      ...changing(request, () => ({}), save, (current) => {
        if (current) this.requests.set((current as PrivacyRequestList).items);
        return partOf(current, 'items', request);
      }),
    };
  }

  private async find(q: string): Promise<void> {
    const question = ++this.question;
    this.notFound.set(null);
    if (q.length < 2) {
      this.open.set(false);
      return;
    }
    try {
      const { people } = await this.api.call(searchAnywhere, { q });
      if (question !== this.question) return;
      this.found.set(people);
      this.notFound.set(people.length ? null : this.words.translate('privacy.nobody'));
    } catch (thrown) {
      if (question !== this.question) return;
      this.found.set([]);
      this.notFound.set(this.failed(toFailure(thrown)));
    }
    this.at.set(0);
    this.open.set(true);
  }
}

import { Component, DOCUMENT, computed, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { toFailure } from '@mu/shared/api/failure';
import {
  answerPrivacyRequest, copyPerson, extendPrivacyRequest, listPrivacyRequests, receivePrivacyRequest, refusePrivacyRequest, searchAnywhere,
} from '@mu/shared/api/generated/functions';
import type { FoundPerson, PrivacyRequestList, PrivacyRequestView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Skeleton } from '@mu/shared/ui/skeleton';

const TYPING = 180;

interface Asked {
  readonly request: PrivacyRequestView;
  readonly what: 'extension' | 'refusal' | 'answer';
}

/** What people have asked about their own data, with the day by which each must be answered. */
@Component({
  selector: 'mu-privacy-page',
  imports: [Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './privacy-page.html',
})
export class PrivacyPage {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly document = inject(DOCUMENT);
  private readonly failed = failureWords();
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected readonly requests = signal<readonly PrivacyRequestView[] | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly found = signal<readonly FoundPerson[]>([]);
  protected readonly person = signal<FoundPerson | null>(null);
  protected readonly asked = signal<Asked | null>(null);
  protected readonly busy = signal(false);
  protected readonly mayAnswer = computed(() => this.session.can('privacy:dsar'));
  protected readonly mayErase = computed(() => this.session.can('privacy:erase'));
  protected readonly today = new Date().toISOString().slice(0, 10);

  constructor() {
    void this.do(() => this.api.call(listPrivacyRequests, {}));
  }

  protected look(text: string): void {
    clearTimeout(this.timer);
    this.person.set(null);
    this.timer = setTimeout(() => void this.find(text.trim()), TYPING);
  }

  protected choose(person: FoundPerson): void {
    this.person.set(person);
    this.found.set([]);
  }

  protected add(event: Event, kind: string, receivedOn: string): void {
    event.preventDefault();
    const person = this.person();
    if (!person || (kind !== 'access' && kind !== 'erasure')) return;
    void this.do(() => this.api.call(receivePrivacyRequest, { body: { personId: person.id, kind, receivedOn } }));
    this.person.set(null);
  }

  protected carryOut(event: SubmitEvent): void {
    event.preventDefault();
    const written = new FormData(event.target as HTMLFormElement).get('because');
    const because = typeof written === 'string' ? written : '';
    const asked = this.asked();
    if (!asked) return;
    const { request: { id, version }, what } = asked;
    const named = { request_id: id, 'if-match': etag({ version }) };
    this.asked.set(null);
    void this.do(() => {
      if (what === 'answer') return this.api.call(answerPrivacyRequest, named);
      return this.api.call(what === 'extension' ? extendPrivacyRequest : refusePrivacyRequest, { ...named, body: { because } });
    });
  }

  protected async save({ id }: PrivacyRequestView): Promise<void> {
    try {
      const copy = await this.api.call(copyPerson, { request_id: id });
      const link = this.document.createElement('a');
      link.href = URL.createObjectURL(new Blob([JSON.stringify(copy, null, 2)], { type: 'application/json' }));
      link.download = 'personal-data.json';
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (thrown) {
      this.failure.set(this.failed(toFailure(thrown)));
    }
  }

  protected isLate({ dueOn, status }: PrivacyRequestView): boolean {
    return status === 'open' && dueOn < this.today;
  }

  protected day(date: string | null): string {
    return date === null ? '' : new Date(date).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/London' });
  }

  private async find(q: string): Promise<void> {
    const { people } = q.length < 2 ? { people: [] } : await this.api.call(searchAnywhere, { q }).catch(() => ({ people: [] }));
    this.found.set(people);
  }

  private async do(ask: () => Promise<PrivacyRequestList>): Promise<void> {
    this.busy.set(true);
    this.failure.set(null);
    try {
      this.requests.set((await ask()).items);
    } catch (thrown) {
      this.failure.set(this.failed(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }
}

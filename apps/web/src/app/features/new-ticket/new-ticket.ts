import { type ElementRef, Component, DestroyRef, afterNextRender, computed, inject, signal, viewChild } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { Category } from '@mu/shared/api/generated/models';
import { CATEGORY } from '@mu/shared/api/generated/models/category-array';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { Session } from '@mu/shared/auth/session';
import { Icon } from '@mu/shared/ui/icon';
import { PRIORITIES, type Priority, PriorityBadge } from '@mu/shared/ui/priority-badge';
import { Toasts } from '@mu/shared/ui/toasts';
import { Colleagues } from '../tickets/colleagues';
import { Drafts } from '../tickets/drafts';
import { HomePicker } from '../tickets/home-picker';
import { type Home, addressOf } from '../tickets/ticket';
import { TicketApi } from '../tickets/ticket-api';
import { TicketStore } from '../tickets/ticket-store';
import own from './en.json';

export const LONGEST_TITLE = 160;
export const LONGEST_DESCRIPTION = 20_000;
const COUNTED_FROM = 0.8;
const DRAFT = 'new-ticket';

interface TicketDraft {
  readonly key: string;
  readonly home: Home | null;
  readonly values: Readonly<Record<string, string>>;
}

/** Takes down what somebody reports. What is typed is kept until it is sent, however the page is left. */
@Component({
  selector: 'mu-new-ticket',
  imports: [Counted, HomePicker, Icon, PriorityBadge, ReactiveFormsModule, RouterLink, TranslocoPipe],
  templateUrl: './new-ticket.html',
})
export class NewTicketPage {
  private readonly api = inject(TicketApi);
  private readonly store = inject(TicketStore);
  private readonly drafts = inject(Drafts);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly picker = viewChild(HomePicker);
  private readonly titleField = viewChild<ElementRef<HTMLInputElement>>('title');
  private readonly fields = inject(NonNullableFormBuilder);
  private key: string = crypto.randomUUID();
  private sent = false;

  protected readonly form = this.fields.group({
    title: ['', [Validators.required, Validators.maxLength(LONGEST_TITLE)]],
    description: ['', [Validators.required, Validators.maxLength(LONGEST_DESCRIPTION)]],
    reporterId: '',
    category: this.fields.control<Category>('other'),
    priority: this.fields.control<Priority>('P3'),
    ownerId: '',
  });
  protected readonly categories = CATEGORY;
  protected readonly priorities = PRIORITIES;
  protected readonly longestTitle = LONGEST_TITLE;
  protected readonly me = inject(Session).user;
  protected readonly colleagues = inject(Colleagues);
  protected readonly failed = failureWords();
  protected readonly home = signal<Home | null>(null);
  protected readonly asked = signal(false);
  protected readonly busy = signal(false);
  protected readonly restored = signal(false);
  protected readonly failure = signal<ApiFailure | null>(null);
  private readonly values = toSignal(this.form.valueChanges, { initialValue: this.form.value });

  protected readonly address = computed(() => {
    const home = this.home();
    return home ? addressOf(home) : '';
  });
  protected readonly people = computed(() => this.home()?.tenancy?.people ?? []);
  protected readonly others = computed(() => this.colleagues.all().filter(({ id }) => id !== this.me()?.id));
  protected readonly titleRoom = computed(() => room(this.values().title ?? '', LONGEST_TITLE));
  protected readonly descriptionRoom = computed(() => room(this.values().description ?? '', LONGEST_DESCRIPTION));

  constructor() {
    addWords({ 'new-ticket': own });
    this.restore();
    void this.colleagues.load();
    this.form.valueChanges.pipe(takeUntilDestroyed()).subscribe(() => { this.keep(); });
    afterNextRender(() => {
      this.dialog().nativeElement.showModal();
      this.focusFirst();
    });
    inject(DestroyRef).onDestroy(() => { this.dialog().nativeElement.close(); });
  }

  /** The server's words for a field, otherwise ours once sending was tried. */
  protected error(field: 'title' | 'description' | 'home' | 'reporterId' | 'category' | 'priority' | 'ownerId'): string | null {
    const fields = this.failure()?.fields ?? {};
    const told = field === 'home' ? (fields['propertyId'] ?? fields['unitId']) : fields[field];
    if (told?.[0]) return told[0];
    if (!this.asked()) return null;
    if (field === 'home') return this.home() ? null : this.words.translate('new-ticket.homeMissing');
    const control = this.form.controls[field];
    if (control.hasError('required')) return this.words.translate(`new-ticket.${field}Missing`);
    return control.hasError('maxlength') ? this.words.translate('new-ticket.tooLong') : null;
  }

  protected choose(home: Home): void {
    this.home.set(home);
    this.form.controls.reporterId.setValue(home.tenancy?.people[0]?.id ?? '');
    this.forgetFailure();
    this.keep();
    setTimeout(() => this.titleField()?.nativeElement.focus());
  }

  protected otherHome(): void {
    this.home.set(null);
    this.form.controls.reporterId.setValue('');
    setTimeout(() => this.picker()?.focus());
  }

  protected async submit(): Promise<void> {
    this.asked.set(true);
    const home = this.home();
    if (this.busy()) return;
    if (!home || this.form.invalid) {
      this.focusFirst();
      return;
    }
    this.busy.set(true);
    this.failure.set(null);
    try {
      const { title, description, reporterId, category, priority, ownerId } = this.form.getRawValue();
      const ticket = await this.api.create({
        title: title.trim(),
        description: description.trim(),
        propertyId: home.property.id,
        unitId: home.unitId,
        reporterId: reporterId || null,
        category,
        priority,
        ownerId: ownerId || null,
      }, this.key);
      this.sent = true;
      this.drafts.drop(DRAFT);
      this.store.put(ticket);
      void this.store.lookForNew();
      void this.store.count();
      this.toasts.show(this.words.translate('new-ticket.done', { reference: ticket.reference }));
      await this.router.navigate(['/tickets', ticket.id], { queryParamsHandling: 'preserve', replaceUrl: true });
    } catch (thrown) {
      this.refused(toFailure(thrown));
    } finally {
      this.busy.set(false);
    }
  }

  protected discard(): void {
    this.sent = true;
    this.drafts.drop(DRAFT);
    this.close();
  }

  protected close(): void {
    // While it is still in the page, a dialog gives the focus back to where it was.
    this.dialog().nativeElement.close();
    void this.router.navigate(['/tickets'], { queryParamsHandling: 'preserve' });
  }

  /** Esc and the browser's own ways out. */
  protected cancelled(event: Event): void {
    event.preventDefault();
    this.close();
  }

  private refused(failure: ApiFailure): void {
    this.failure.set(failure);
    // A refused try was not carried out. One without an answer may have been: it keeps its key.
    if (failure.status >= 400 && failure.status < 500) this.key = crypto.randomUUID();
    this.keep();
    const [field] = Object.keys(failure.fields);
    if (field !== undefined) setTimeout(() => this.dialog().nativeElement.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  private forgetFailure(): void {
    if (this.failure()) this.failure.set(null);
  }

  private focusFirst(): void {
    if (!this.home()) this.picker()?.focus();
    else if (this.form.invalid && this.asked()) setTimeout(() => this.dialog().nativeElement.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
    else this.titleField()?.nativeElement.focus();
  }

  private restore(): void {
    const draft = this.drafts.read(DRAFT) as TicketDraft | null;
    if (!draft) return;
    this.key = draft.key;
    this.home.set(draft.home);
    this.form.patchValue(draft.values);
    this.restored.set(true);
  }

  private keep(): void {
    if (this.sent) return;
    this.drafts.keep(DRAFT, { key: this.key, home: this.home(), values: this.form.getRawValue() } satisfies TicketDraft);
  }
}

/** How much room is left once it is nearly used up, and how much is too much. */
function room(text: string, longest: number): { is: 'left' | 'over'; count: number } | null {
  const left = longest - text.length;
  if (left < 0) return { is: 'over', count: -left };
  return text.length >= longest * COUNTED_FROM ? { is: 'left', count: left } : null;
}

import { type ElementRef, Component, afterNextRender, computed, inject, input, output, signal, viewChild } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { invite, listSubjects } from '@mu/shared/api/generated/functions';
import type { NamedThing, RoleView } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { FailedLine } from '@mu/shared/ui/failed-line';
import { roleNames } from './role-name';

/** Whom to let in, and as what. Tenants come in by their links, so that nobody is invited as one. */
@Component({
  selector: 'mu-invite-form',
  imports: [FailedLine, ReactiveFormsModule, TranslocoPipe],
  template: `
    <dialog #dialog class="w-[min(28rem,calc(100vw-1.5rem))]" aria-labelledby="invite-title" (close)="closed.emit()">
      <form class="flex flex-col gap-4 p-5" [formGroup]="form" novalidate (ngSubmit)="send()">
        <div>
          <h2 id="invite-title" class="text-base">{{ 'users.invite' | transloco }}</h2>
          <p class="mt-1 text-muted">{{ 'users.inviteText' | transloco }}</p>
        </div>
        <div>
          <label class="mb-1.5 block font-medium" for="invite-email">{{ 'users.email' | transloco }}</label>
          <input id="invite-email" type="email" class="mu-field" autocomplete="off" autocapitalize="none" formControlName="email" aria-describedby="invite-email-error" [attr.aria-invalid]="wrong('email') !== null" />
          <p id="invite-email-error" class="mt-1.5 text-overdue empty:hidden">{{ wrong('email') }}</p>
        </div>
        <div>
          <label class="mb-1.5 block font-medium" for="invite-role">{{ 'users.role' | transloco }}</label>
          <select id="invite-role" class="mu-field" formControlName="roleId" aria-describedby="invite-role-error" [attr.aria-invalid]="wrong('roleId') !== null" (change)="chosen()">
            @for (one of assignable(); track one.id) { <option [value]="one.id">{{ named(one.name) }}</option> }
          </select>
          <p id="invite-role-error" class="mt-1.5 text-overdue empty:hidden">{{ wrong('roleId') }}</p>
        </div>
        @if (side(); as side) {
          <div>
            <label class="mb-1.5 block font-medium" for="invite-subject">{{ 'users.subject.' + side | transloco }}</label>
            @if (unread(); as failure) {
              <mu-failed-line [heading]="'users.subjectsFailed' | transloco" [failure]="failure" (retry)="findSubjects(side)" />
            } @else if (subjects()?.length === 0) {
              <p class="text-muted">{{ 'users.noSubject.' + side | transloco }}</p>
            } @else {
              <select id="invite-subject" class="mu-field" formControlName="subjectId" aria-describedby="invite-subject-error" [attr.aria-invalid]="wrong('subjectId') !== null">
                @for (one of subjects() ?? []; track one.id) { <option [value]="one.id">{{ one.name }}</option> }
              </select>
            }
            <p id="invite-subject-error" class="mt-1.5 text-overdue empty:hidden">{{ wrong('subjectId') }}</p>
          </div>
        }
        <p class="text-overdue empty:hidden" role="alert">{{ failure() }}</p>
        <div class="flex flex-wrap gap-2">
          <button type="submit" class="mu-button mu-button-filled" [disabled]="busy()" [attr.aria-busy]="busy()">{{ 'users.send' | transloco }}</button>
          <button type="button" class="mu-button" (click)="dialog.close()">{{ 'users.notNow' | transloco }}</button>
        </div>
      </form>
    </dialog>
  `,
})
export class InviteForm {
  readonly roles = input.required<readonly RoleView[]>();
  readonly closed = output();
  readonly invited = output<string>();

  private readonly api = inject(Api);
  private readonly failed = failureWords();
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly fields = signal<Readonly<Record<string, readonly string[]>>>({});
  /** One filled-in form invites once, however often its answer gets lost. */
  private key = crypto.randomUUID();

  protected readonly named = roleNames();
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly subjects = signal<readonly NamedThing[] | null>(null);
  /** Why nobody knows whom there is to choose. */
  protected readonly unread = signal<ApiFailure | null>(null);
  protected readonly role = signal('');
  protected readonly assignable = computed(() => this.roles().filter(({ isAssignable, client }) => isAssignable && client !== 'tenant'));
  protected readonly side = computed(() => this.assignable().find(({ id }) => id === this.role())?.actsFor ?? null);
  protected readonly form = new FormGroup({
    email: new FormControl('', { nonNullable: true }),
    roleId: new FormControl('', { nonNullable: true }),
    subjectId: new FormControl('', { nonNullable: true }),
  });

  constructor() {
    afterNextRender(() => {
      this.dialog().nativeElement.showModal();
      const usual = this.assignable().find(({ name }) => name === 'Coordinator') ?? this.assignable()[0];
      this.form.patchValue({ roleId: usual?.id ?? '' });
      this.chosen();
    });
  }

  protected wrong(field: string): string | null {
    return this.fields()[field]?.[0] ?? null;
  }

  protected chosen(): void {
    this.role.set(this.form.getRawValue().roleId);
    this.subjects.set(null);
    this.unread.set(null);
    this.form.patchValue({ subjectId: '' });
    const side = this.side();
    if (side) void this.findSubjects(side);
  }

  protected async send(): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    this.fields.set({});
    const { email, roleId, subjectId } = this.form.getRawValue();
    try {
      await this.api.call(invite, { body: { email: email.trim(), roleId, subjectId: subjectId || null } }, this.key);
      this.invited.emit(email.trim());
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (!failure.offline) this.key = crypto.randomUUID();
      this.fields.set(failure.fields);
      this.failure.set(Object.keys(failure.fields).length ? null : this.failed(failure));
    } finally {
      this.busy.set(false);
    }
  }

  protected async findSubjects(side: NonNullable<RoleView['actsFor']>): Promise<void> {
    this.unread.set(null);
    try {
      const { items } = await this.api.call(listSubjects, { side });
      if (this.side() !== side) return;
      this.subjects.set(items);
      this.form.patchValue({ subjectId: items[0]?.id ?? '' });
    } catch (thrown) {
      if (this.side() === side) this.unread.set(toFailure(thrown));
    }
  }
}

import { type ElementRef, Component, Injector, afterNextRender, computed, inject, input, linkedSignal, output, signal, viewChild } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { toFailure } from '@mu/shared/api/failure';
import { changeTeam } from '@mu/shared/api/generated/fn/teams/change-team';
import { createTeam } from '@mu/shared/api/generated/fn/teams/create-team';
import type { AccountView, TeamView } from '@mu/shared/api/generated/models';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { staysOnBack } from '@mu/shared/ui/unsaved/back';
import words from '@mu/shared/ui/unsaved/en.json';

/** What a team is called, who is in it and who leads it. */
@Component({
  selector: 'mu-team-form',
  imports: [TranslocoPipe],
  template: `
    <dialog #dialog class="w-[min(28rem,calc(100vw-1.5rem))]" aria-labelledby="team-title" (cancel)="leave($event)" (close)="hasClosed()">
      <form class="flex flex-col gap-4 p-5" novalidate (submit)="save($event)">
        <h2 id="team-title" class="text-base">{{ (team() ? 'users.editTeam' : 'users.newTeam') | transloco }}</h2>
        <div>
          <label class="mb-1.5 block font-medium" for="team-name">{{ 'users.teamName' | transloco }}</label>
          <input #text id="team-name" class="mu-field" autocomplete="off" [value]="name()" aria-describedby="team-name-error" [attr.aria-invalid]="wrong()['name'] ? true : false" (input)="name.set(text.value)" />
          <p id="team-name-error" class="mt-1.5 text-overdue empty:hidden">{{ wrong()['name']?.[0] }}</p>
        </div>
        <fieldset aria-describedby="team-members-error">
          <legend class="mb-1.5 font-medium">{{ 'users.members' | transloco }}</legend>
          <div class="max-h-56 overflow-auto rounded-md border border-hairline p-1">
            @for (one of colleagues(); track one.id) {
              <label class="flex min-h-9 items-center gap-2.5 rounded-sm px-2 hover:bg-hover"><input #box type="checkbox" class="size-4 accent-accent" [attr.aria-invalid]="wrong()['memberIds'] ? true : null" [checked]="members().has(one.id)" (change)="choose(one.id, box.checked)" />{{ one.name }}</label>
            }
          </div>
          <p id="team-members-error" class="mt-1.5 text-overdue empty:hidden">{{ wrong()['memberIds']?.[0] }}</p>
        </fieldset>
        <div>
          <label class="mb-1.5 block font-medium" for="team-lead">{{ 'users.lead' | transloco }}</label>
          <select #chief id="team-lead" class="mu-field" aria-describedby="team-lead-error" [attr.aria-invalid]="wrong()['leadId'] ? true : false" (change)="lead.set(chief.value)">
            <option value="" [selected]="!lead()">{{ 'users.noLead' | transloco }}</option>
            @for (one of leads(); track one.id) { <option [value]="one.id" [selected]="lead() === one.id">{{ one.name }}</option> }
          </select>
          <p id="team-lead-error" class="mt-1.5 text-overdue empty:hidden">{{ wrong()['leadId']?.[0] }}</p>
        </div>
        <p class="text-overdue empty:hidden" role="alert">{{ failure() }}</p>
        <div role="alert" class="contents">@if (isLeaving()) { <p class="font-medium">{{ 'unsaved.typed' | transloco }}</p> }</div>
        <div class="flex flex-wrap gap-2">
          @if (isLeaving()) {
            <button type="button" class="mu-button mu-button-filled" data-stay (click)="isLeaving.set(false)">{{ 'unsaved.keepWriting' | transloco }}</button>
            <button type="button" class="rounded-md px-2 py-1.5 text-overdue hover:underline" (click)="close()">{{ 'unsaved.throwAway' | transloco }}</button>
          } @else {
            <button type="submit" class="mu-button mu-button-filled" [attr.aria-disabled]="busy()" [attr.aria-busy]="busy()">{{ 'users.saveTeam' | transloco }}</button>
            <button type="button" class="mu-button" (click)="leave($event)">{{ 'users.notNow' | transloco }}</button>
          }
        </div>
      </form>
    </dialog>
  `,
})
export class TeamForm {
  /** None: a new one. */
  readonly team = input.required<TeamView | null>();
  readonly colleagues = input.required<readonly AccountView[]>();
  readonly closed = output();
  readonly saved = output<string>();

  private readonly api = inject(Api);
  private readonly failed = failureWords();
  private readonly translate = inject(TranslocoService);
  private readonly injector = inject(Injector);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  /** The team as it was read, or as a refusal showed it since. */
  private readonly present = linkedSignal(() => this.team());

  protected readonly name = linkedSignal(() => this.team()?.name ?? '');
  protected readonly lead = linkedSignal(() => this.team()?.leadId ?? '');
  protected readonly members = linkedSignal<ReadonlySet<string>>(() => this.membersOf(this.team()));
  protected readonly leads = computed(() => this.colleagues().filter(({ id }) => this.members().has(id)));
  protected readonly wrong = signal<Readonly<Record<string, readonly string[]>>>({});
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly isLeaving = signal(false);
  private isOver = false;

  constructor() {
    addWords({ unsaved: words });
    staysOnBack(() => !this.isOver && this.isTyped(), () => { this.ask(); });
    afterNextRender(() => { this.dialog().nativeElement.showModal(); });
  }

  protected choose(id: string, isMember: boolean): void {
    this.members.update((members) => new Set(isMember ? [...members, id] : [...members].filter((one) => one !== id)));
    if (!isMember && this.lead() === id) this.lead.set('');
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    this.wrong.set({});
    const body = { name: this.name(), leadId: this.lead() || null, memberIds: [...this.members()] };
    const team = this.present();
    try {
      await (team ? this.api.call(changeTeam, { team_id: team.id, 'if-match': etag(team), body }) : this.api.call(createTeam, { body }));
      this.saved.emit(body.name.trim());
    } catch (thrown) {
      const failure = toFailure(thrown);
      const current = failure.details['current'] as TeamView | undefined;
      if (current && team) this.takeOver(team, current);
      this.wrong.set(failure.fields);
      this.failure.set(current ? this.translate.translate('record.changed') : Object.keys(failure.fields).length ? null : this.failed(failure));
      afterNextRender(() => { this.dialog().nativeElement.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(); }, { injector: this.injector });
    } finally {
      this.busy.set(false);
    }
  }

  protected close(): void {
    this.isOver = true;
    this.dialog().nativeElement.close();
  }

  /** Goes where nothing would be lost; otherwise asks first. */
  protected leave(event: Event): void {
    event.preventDefault();
    if (this.busy()) return;
    if (this.isTyped()) this.ask();
    else this.close();
  }

  /** A browser may close a dialog without asking, at a second Escape. */
  protected hasClosed(): void {
    if (this.isOver || !this.isTyped()) {
      this.closed.emit();
      return;
    }
    this.dialog().nativeElement.showModal();
    this.ask();
  }

  private isTyped(): boolean {
    const team = this.present();
    const was = this.membersOf(team);
    const isSame = was.size === this.members().size && [...was].every((id) => this.members().has(id));
    return this.name() !== (team?.name ?? '') || this.lead() !== (team?.leadId ?? '') || !isSame;
  }

  private ask(): void {
    this.isLeaving.set(true);
    afterNextRender(() => { this.dialog().nativeElement.querySelector<HTMLElement>('[data-stay]')?.focus(); }, { injector: this.injector });
  }

  /** What a colleague has saved meanwhile comes in wherever nobody has touched it here. */
  private takeOver(before: TeamView, current: TeamView): void {
    if (this.name() === before.name) this.name.set(current.name);
    const [was, is] = [this.membersOf(before), this.membersOf(current)];
    const mine = this.members();
    this.members.set(new Set([...new Set([...mine, ...is])].filter((id) => (mine.has(id) === was.has(id) ? is.has(id) : mine.has(id)))));
    if (this.lead() === (before.leadId ?? '')) this.lead.set(current.leadId ?? '');
    if (!this.members().has(this.lead())) this.lead.set('');
    this.present.set(current);
  }

  /** Who has left since is no longer a member. */
  private membersOf(team: TeamView | null): ReadonlySet<string> {
    const here = new Set(this.colleagues().map(({ id }) => id));
    return new Set(team?.members.map(({ id }) => id).filter((id) => here.has(id)));
  }
}

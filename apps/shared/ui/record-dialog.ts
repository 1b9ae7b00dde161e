import { type ElementRef, Component, Injector, afterNextRender, computed, inject, input, output, signal, viewChild } from '@angular/core';
import { NgTemplateOutlet } from '@angular/common';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { ApiFailure, toFailure } from '@mu/shared/api/failure';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { FindField } from './find-field';
import { Icon } from './icon';
import { type Field, type Found, type RecordForm, UnreadableSum, type Value, type Values } from './record-form';
import { staysOnBack } from './unsaved/back';
import words from './unsaved/en.json';

let dialogs = 0;

/** Asks for what a form describes, tells what is wrong beside each field, and keeps what was typed until it is saved. */
@Component({
  selector: 'mu-record-dialog',
  imports: [FindField, Icon, NgTemplateOutlet, RouterLink, TranslocoPipe],
  template: `
    <dialog
      #dialog
      class="m-auto overflow-hidden sm:h-fit sm:max-h-[calc(100vh-3rem)] sm:w-[min(34rem,calc(100vw-2rem))]"
      [class]="isQuestion() ? 'h-fit max-h-full w-[min(34rem,calc(100vw-1.5rem))]' : 'h-full max-h-full w-full max-w-full max-sm:rounded-none max-sm:border-0'"
      [attr.aria-labelledby]="id + '--heading'"
      [attr.aria-describedby]="form().text ? id + '--text' : null"
      (cancel)="leave($event)"
      (close)="hasClosed()"
    >
      <form class="flex max-h-[inherit] min-h-0 flex-col max-sm:h-full" novalidate (submit)="submit($event)">
        <header class="flex h-13 shrink-0 items-center justify-between gap-3 border-b border-hairline pr-2 pl-5">
          <h2 class="text-base" [id]="id + '--heading'">{{ form().title | transloco: form().names }}</h2>
          <button type="button" class="mu-icon-button" [attr.aria-label]="'ui.close' | transloco" [title]="'ui.close' | transloco" [attr.aria-disabled]="busy()" (click)="leave($event)"><mu-icon name="close" /></button>
        </header>
        <div class="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-5 py-4">
          @if (form().text; as text) { <p [class.text-muted]="!isQuestion()" [id]="id + '--text'">{{ text | transloco: form().names }}</p> }
          <div role="alert" class="contents">
            @if (notice(); as words) { <p class="flex items-start gap-2 rounded-md bg-overdue-soft px-3 py-2.5 text-overdue"><mu-icon name="alert" size="18" />{{ words }}</p> }
            @if (taken(); as link) { <p><a class="text-accent underline underline-offset-2" [routerLink]="link" (click)="close()">{{ 'record.takenBy' | transloco }}</a></p> }
            @if (changed()) { <p class="flex items-start gap-2 rounded-md bg-due-soon-soft px-3 py-2.5 text-due-soon"><mu-icon name="alert" size="18" />{{ 'record.changed' | transloco }}</p> }
          </div>
          @for (field of shown(); track field.name) {
            @let wrong = error(field);
            @let at = id + '-' + field.name;
            @let others = theirs(field);
            @let described = at + '-error ' + at + '-theirs ' + at + '-hint';
            @if (field.kind === 'several') {
              <fieldset [attr.aria-describedby]="described">
                <legend class="mb-1.5 font-medium">{{ field.label | transloco }}</legend>
                <div class="grid gap-x-4 sm:grid-cols-2">
                  @for (choice of field.choices; track choice.value) {
                    <label class="flex min-h-9 items-center gap-2.5">
                      <input type="checkbox" class="size-4 accent-accent" [attr.aria-invalid]="wrong !== null" [checked]="has(field, choice.value)" (change)="toggle(field, choice.value)" />{{ choice.words ?? (choice.label! | transloco) }}
                    </label>
                  }
                </div>
                <ng-container [ngTemplateOutlet]="about" [ngTemplateOutletContext]="{ $implicit: field, at, wrong, others }" />
              </fieldset>
            } @else {
              <div>
                <label class="mb-1.5 block font-medium" [attr.for]="at">{{ field.label | transloco }}</label>
                @switch (field.kind) {
                  @case ('choice') {
                    <select class="mu-field" [id]="at" [attr.aria-describedby]="described" [attr.aria-invalid]="wrong !== null" (change)="put(field, $event)">
                      @for (choice of field.choices; track choice.value) { <option [value]="choice.value" [selected]="values()[field.name] === choice.value">{{ choice.words ?? (choice.label! | transloco) }}</option> }
                    </select>
                  }
                  @case ('find') {
                    <mu-find-field [fieldId]="at" [label]="field.label | transloco" [find]="field.find!" [shown]="foundWords(field)" [invalid]="wrong !== null" [describedBy]="at + '-error ' + at + '-hint'" (chosen)="take(field, $event)" />
                  }
                  @case ('area') {
                    <textarea rows="3" class="mu-field field-sizing-content h-auto! max-h-60 min-h-20 py-2" [id]="at" [value]="shownText(field)" [attr.aria-describedby]="described" [attr.aria-invalid]="wrong !== null" (input)="put(field, $event)"></textarea>
                  }
                  @default {
                    <input class="mu-field" autocomplete="off" [id]="at" [type]="field.kind === 'money' ? 'text' : (field.kind ?? 'text')" [attr.inputmode]="field.kind === 'money' ? 'decimal' : null" [value]="shownText(field)" [attr.aria-describedby]="described" [attr.aria-invalid]="wrong !== null" (input)="put(field, $event)" />
                  }
                }
                <ng-container [ngTemplateOutlet]="about" [ngTemplateOutletContext]="{ $implicit: field, at, wrong, others }" />
              </div>
            }
          }
        </div>
        <footer class="flex shrink-0 flex-wrap items-center justify-end gap-3 border-t border-hairline px-5 py-3">
          <div role="alert" class="contents">@if (isLeaving()) { <p class="min-w-40 flex-1 font-medium">{{ 'unsaved.typed' | transloco }}</p> }</div>
          @if (isLeaving()) {
            <button type="button" class="rounded-md px-2 py-1.5 text-overdue hover:underline" (click)="close()">{{ 'unsaved.throwAway' | transloco }}</button>
            <button type="button" class="mu-button mu-button-filled" data-stay (click)="stay()">{{ 'unsaved.keepWriting' | transloco }}</button>
          } @else {
            <button type="button" class="rounded-md px-2 py-1.5 text-muted hover:text-ink" [attr.aria-disabled]="busy()" (click)="leave($event)">{{ 'record.cancel' | transloco }}</button>
            <button type="submit" class="mu-button mu-button-filled" [attr.aria-busy]="busy()">{{ (busy() ? 'record.saving' : form().submit) | transloco: form().names }}</button>
          }
        </footer>
      </form>
    </dialog>
    <ng-template #about let-field let-at="at" let-wrong="wrong" let-others="others">
      <p class="mt-1.5 text-overdue empty:hidden" [id]="at + '-error'">{{ wrong }}</p>
      <p class="mt-1.5 flex flex-wrap items-baseline gap-x-3 text-due-soon empty:hidden" [id]="at + '-theirs'">
        @if (others !== null) { <span class="min-w-0">{{ 'unsaved.theirs' | transloco: { value: others } }}</span><button type="button" class="text-accent underline" (click)="takeTheirs(field)">{{ 'unsaved.takeTheirs' | transloco }}</button> }
      </p>
      @if (field.hint; as hint) { <p class="mt-1.5 text-xs text-muted" [id]="at + '-hint'">{{ hint | transloco }}</p> }
    </ng-template>
  `,
})
export class RecordDialog {
  readonly form = input.required<RecordForm>();
  readonly closed = output();
  readonly saved = output();

  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly failed = failureWords();
  private readonly words = inject(TranslocoService);
  private readonly injector = inject(Injector);
  private readonly typed = signal<Values>({});
  /** How the record reads since a colleague has saved it. */
  private readonly seen = signal<Values | null>(null);
  private readonly given = computed<Values>(() => ({ ...this.form().values, ...this.seen() }));
  private readonly failure = signal<ApiFailure | null>(null);
  private readonly picked = signal<Readonly<Record<string, string>>>({});
  private key: string = crypto.randomUUID();
  private isOver = false;

  protected readonly id = `record-${(++dialogs).toString()}`;
  protected readonly busy = signal(false);
  protected readonly changed = signal(false);
  protected readonly isLeaving = signal(false);
  protected readonly isQuestion = computed(() => !this.form().fields.length);
  protected readonly values = computed<Values>(() => ({ ...this.given(), ...this.typed() }));
  protected readonly shown = computed(() => this.form().fields.filter(({ when }) => when?.(this.values()) ?? true));
  /** Where the one is that has it already, for whoever may see it. */
  protected readonly taken = computed(() => {
    const id = this.failure()?.details['takenBy'];
    return typeof id === 'string' ? (this.form().taken?.(id) ?? null) : null;
  });
  /** What is wrong and stands beside no field. */
  protected readonly notice = computed(() => {
    const failure = this.failure();
    if (!failure || failure.status === 412) return null;
    const told = this.shown().some((field) => this.error(field) !== null);
    const others = Object.entries(failure.fields).filter(([name]) => !this.shown().some((field) => speaksOf(name, field)));
    if (others.length) return others.map(([, words]) => words[0]).join(' ');
    return told ? null : failure.status < 500 && failure.status > 0 ? failure.message : this.failed(failure);
  });

  constructor() {
    addWords({ unsaved: words });
    staysOnBack(() => !this.isOver && this.isTyped(), () => { this.ask(); });
    afterNextRender(() => {
      this.dialog().nativeElement.showModal();
      this.dialog().nativeElement.querySelector<HTMLElement>('input, select, textarea')?.focus();
    });
  }

  protected error(field: Field): string | null {
    const found = Object.entries(this.failure()?.fields ?? {}).find(([name]) => speaksOf(name, field));
    return found?.[1][0] ?? null;
  }

  protected shownText(field: Field): string {
    const value = this.values()[field.name];
    return typeof value === 'string' ? value : '';
  }

  protected has(field: Field, value: string): boolean {
    return this.several(field).includes(value);
  }

  protected foundWords(field: Field): string {
    return this.picked()[field.name] ?? field.shown ?? '';
  }

  protected take(field: Field, found: Found | null): void {
    this.picked.update((picked) => ({ ...picked, [field.name]: found?.words ?? '' }));
    this.typed.update((typed) => ({ ...typed, ...found?.fill, [field.name]: found?.value ?? '' }));
  }

  protected toggle(field: Field, value: string): void {
    const now = this.several(field);
    this.set(field, now.includes(value) ? now.filter((one) => one !== value) : [...now, value]);
  }

  protected put(field: Field, event: Event): void {
    this.set(field, (event.target as HTMLInputElement).value);
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    this.changed.set(false);
    try {
      await this.form().save(this.sent(), this.key);
      this.saved.emit();
      this.close();
    } catch (thrown) {
      this.refused(thrown instanceof UnreadableSum ? this.unreadable(thrown) : toFailure(thrown));
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

  protected stay(): void {
    this.isLeaving.set(false);
    this.focus('input, select, textarea');
  }

  /** A browser may close a dialog without asking, at a second Escape. */
  protected hasClosed(): void {
    if (this.isOver || !(this.busy() || this.isTyped())) {
      this.closed.emit();
      return;
    }
    this.dialog().nativeElement.showModal();
    if (!this.busy()) this.ask();
  }

  /** What a colleague wrote into a field that was typed in here too. */
  protected theirs(field: Field): string | null {
    const seen = this.seen();
    if (seen === null || !(field.name in this.typed())) return null;
    const theirs = this.written(field, seen[field.name]);
    const known = [this.values(), this.form().values].map((values) => this.written(field, values[field.name]));
    return known.includes(theirs) ? null : theirs || this.words.translate('unsaved.nothing');
  }

  protected takeTheirs(field: Field): void {
    this.typed.update((typed) => Object.fromEntries(Object.entries(typed).filter(([name]) => name !== field.name)));
  }

  private refused(failure: ApiFailure): void {
    // A refused try was not carried out. One without an answer may have been: it keeps its key.
    if (failure.status >= 400 && failure.status < 500) this.key = crypto.randomUUID();
    this.failure.set(failure);
    if (failure.status === 412) {
      this.changed.set(true);
      this.seen.set(this.form().seen?.(failure.details['current']) ?? null);
    }
    this.focus('[aria-invalid="true"]');
  }

  /** A field that is not shown sends nothing, whatever was typed into it before. */
  private sent(): Values {
    const hidden = new Set(this.form().fields.filter((field) => !this.shown().includes(field)).map(({ name }) => name));
    return Object.fromEntries(Object.entries(this.values()).filter(([name]) => !hidden.has(name)));
  }

  private unreadable({ field }: UnreadableSum): ApiFailure {
    return new ApiFailure('invalid', '', 422, null, { [field]: [this.words.translate('unsaved.unreadableSum')] });
  }

  private isTyped(): boolean {
    return this.form().fields.some((field) => this.written(field, this.values()[field.name]) !== this.written(field, this.given()[field.name]));
  }

  private ask(): void {
    this.isLeaving.set(true);
    this.focus('[data-stay]');
  }

  private focus(what: string): void {
    afterNextRender(() => { this.dialog().nativeElement.querySelector<HTMLElement>(what)?.focus(); }, { injector: this.injector });
  }

  private written({ choices }: Field, value: Value | undefined): string {
    const named = (one: string): string => {
      const choice = choices?.find((each) => each.value === one);
      return choice?.words ?? (choice?.label ? this.words.translate(choice.label) : one);
    };
    return Array.isArray(value) ? (value as readonly string[]).map(named).sort().join(', ') : named(typeof value === 'string' ? value : '');
  }

  private several(field: Field): readonly string[] {
    const value = this.values()[field.name];
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  private set(field: Field, value: Value): void {
    this.typed.update((typed) => ({ ...typed, [field.name]: value }));
  }
}

/** The server says where a mistake is: `phone`, or `members.0.person.phone` in a form for the first of several. */
function speaksOf(name: string, field: Field): boolean {
  const last = name.split('.').at(-1);
  return name === field.name || last === field.name || (field.also?.includes(name) ?? false);
}

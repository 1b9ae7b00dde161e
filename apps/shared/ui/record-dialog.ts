import { type ElementRef, Component, afterNextRender, computed, input, output, signal, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from './icon';
import type { Field, RecordForm, Value, Values } from './record-form';

let dialogs = 0;

/** Asks for what a form describes, tells what is wrong beside each field, and keeps what was typed until it is saved. */
@Component({
  selector: 'mu-record-dialog',
  imports: [Icon, TranslocoPipe],
  template: `
    <dialog
      #dialog
      class="m-auto h-full max-h-full w-full max-w-full overflow-hidden max-sm:rounded-none max-sm:border-0 sm:h-fit sm:max-h-[calc(100vh-3rem)] sm:w-[min(34rem,calc(100vw-2rem))]"
      [attr.aria-labelledby]="id + '-title'"
      (close)="closed.emit()"
    >
      <form class="flex max-h-[inherit] min-h-0 flex-col max-sm:h-full" novalidate (submit)="submit($event)">
        <header class="flex h-13 shrink-0 items-center justify-between gap-3 border-b border-hairline pr-2 pl-5">
          <h2 class="text-base" [id]="id + '-title'">{{ form().title | transloco }}</h2>
          <button type="button" class="mu-icon-button" [attr.aria-label]="'ui.close' | transloco" [title]="'ui.close' | transloco" (click)="close()"><mu-icon name="close" /></button>
        </header>
        <div class="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-5 py-4">
          @if (form().text; as text) { <p class="text-muted">{{ text | transloco }}</p> }
          <div role="alert" class="contents">
            @if (notice(); as words) { <p class="flex items-start gap-2 rounded-md bg-overdue-soft px-3 py-2.5 text-overdue"><mu-icon name="alert" size="18" />{{ words }}</p> }
            @if (changed()) { <p class="flex items-start gap-2 rounded-md bg-due-soon-soft px-3 py-2.5 text-due-soon"><mu-icon name="alert" size="18" />{{ 'record.changed' | transloco }}</p> }
          </div>
          @for (field of shown(); track field.name) {
            @let wrong = error(field);
            @let at = id + '-' + field.name;
            @if (field.kind === 'several') {
              <fieldset [attr.aria-describedby]="at + '-error'">
                <legend class="mb-1.5 font-medium">{{ field.label | transloco }}</legend>
                <div class="grid gap-x-4 sm:grid-cols-2">
                  @for (choice of field.choices; track choice.value) {
                    <label class="flex min-h-9 items-center gap-2.5">
                      <input type="checkbox" class="size-4 accent-accent" [checked]="has(field, choice.value)" (change)="toggle(field, choice.value)" />{{ choice.words ?? (choice.label! | transloco) }}
                    </label>
                  }
                </div>
                <p class="mt-1.5 text-overdue empty:hidden" [id]="at + '-error'">{{ wrong }}</p>
              </fieldset>
            } @else {
              <div>
                <label class="mb-1.5 block font-medium" [attr.for]="at">{{ field.label | transloco }}</label>
                @switch (field.kind) {
                  @case ('choice') {
                    <select class="mu-field" [id]="at" [attr.aria-describedby]="at + '-error'" [attr.aria-invalid]="wrong !== null" (change)="put(field, $event)">
                      @for (choice of field.choices; track choice.value) { <option [value]="choice.value" [selected]="values()[field.name] === choice.value">{{ choice.words ?? (choice.label! | transloco) }}</option> }
                    </select>
                  }
                  @case ('area') {
                    <textarea rows="3" class="mu-field field-sizing-content h-auto! max-h-60 min-h-20 py-2" [id]="at" [value]="shownText(field)" [attr.aria-describedby]="at + '-error ' + at + '-hint'" [attr.aria-invalid]="wrong !== null" (input)="put(field, $event)"></textarea>
                  }
                  @default {
                    <input class="mu-field" autocomplete="off" [id]="at" [type]="field.kind === 'money' ? 'text' : (field.kind ?? 'text')" [attr.inputmode]="field.kind === 'money' ? 'decimal' : null" [value]="shownText(field)" [attr.aria-describedby]="at + '-error ' + at + '-hint'" [attr.aria-invalid]="wrong !== null" (input)="put(field, $event)" />
                  }
                }
                <p class="mt-1.5 text-overdue empty:hidden" [id]="at + '-error'">{{ wrong }}</p>
                @if (field.hint; as hint) { <p class="mt-1.5 text-xs text-muted" [id]="at + '-hint'">{{ hint | transloco }}</p> }
              </div>
            }
          }
        </div>
        <footer class="flex shrink-0 items-center justify-end gap-3 border-t border-hairline px-5 py-3">
          <button type="button" class="rounded-md px-2 py-1.5 text-muted hover:text-ink" (click)="close()">{{ 'record.cancel' | transloco }}</button>
          <button type="submit" class="mu-button mu-button-filled" [attr.aria-busy]="busy()">{{ (busy() ? 'record.saving' : form().submit) | transloco }}</button>
        </footer>
      </form>
    </dialog>
  `,
})
export class RecordDialog {
  readonly form = input.required<RecordForm>();
  readonly closed = output();
  readonly saved = output();

  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly failed = failureWords();
  private readonly typed = signal<Values>({});
  private readonly failure = signal<ApiFailure | null>(null);
  private key: string = crypto.randomUUID();

  protected readonly id = `record-${(++dialogs).toString()}`;
  protected readonly busy = signal(false);
  protected readonly changed = signal(false);
  protected readonly values = computed<Values>(() => ({ ...this.form().values, ...this.typed() }));
  protected readonly shown = computed(() => this.form().fields.filter(({ when }) => when?.(this.values()) ?? true));
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
      await this.form().save(this.values(), this.key);
      this.saved.emit();
      this.close();
    } catch (thrown) {
      this.refused(toFailure(thrown));
    } finally {
      this.busy.set(false);
    }
  }

  protected close(): void {
    this.dialog().nativeElement.close();
  }

  private refused(failure: ApiFailure): void {
    // A refused try was not carried out. One without an answer may have been: it keeps its key.
    if (failure.status >= 400 && failure.status < 500) this.key = crypto.randomUUID();
    this.failure.set(failure);
    if (failure.status === 412) {
      this.changed.set(true);
      this.form().seen?.(failure.details['current']);
    }
    setTimeout(() => this.dialog().nativeElement.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
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

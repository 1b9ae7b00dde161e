/** What a form asks for. Labels, hints and choices are keys of the catalogue, unless `words` says them outright. */
export interface Choice {
  readonly value: string;
  readonly label?: string;
  readonly words?: string;
}

/** One of what was found; choosing it may fill in other fields as well. */
export interface Found {
  readonly value: string;
  readonly words: string;
  readonly detail?: string;
  readonly fill?: Values;
}

export interface Finding {
  readonly items: readonly Found[];
  /** A key of the catalogue: why there may be more, or nothing. */
  readonly notice?: string;
}

export type Find = (words: string) => Promise<Finding>;

export type Value = string | boolean | readonly string[];
export type Values = Readonly<Record<string, Value>>;

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind?: 'text' | 'tel' | 'email' | 'date' | 'area' | 'choice' | 'several' | 'money' | 'find';
  readonly hint?: string;
  readonly choices?: readonly Choice[];
  /** Of a field that looks something up: how, and what it shows at first. */
  readonly find?: Find;
  readonly shown?: string;
  /** Other names under which the server speaks of it. */
  readonly also?: readonly string[];
  readonly when?: (values: Values) => boolean;
}

export interface RecordForm {
  readonly title: string;
  readonly text?: string;
  readonly submit: string;
  /** What the words of title, text and button name. */
  readonly names?: Readonly<Record<string, string | number>>;
  /** None: a question that the button answers. */
  readonly fields: readonly Field[];
  readonly values: Values;
  /** Is given the fields that are shown. Throws an ApiFailure. The key belongs to one filling-in: the server carries it out once. */
  readonly save: (values: Values, key: string) => Promise<unknown>;
  /** Takes over what a colleague has saved meanwhile, and returns how it reads; saving once more is about that version. */
  readonly seen?: (current: unknown) => Values;
  /** Where somebody looks who is told that another has it already. */
  readonly taken?: (id: string) => readonly string[];
}

/** What a form that changes a record needs, so that a colleague's words outlive ours: `find` takes the record out of what a refusal shows. */
export function changing<Of extends { readonly version: number }>(
  shown: Of,
  values: (one: Of) => Values,
  save: (one: Of, typed: Values) => Promise<unknown>,
  find: (current: unknown) => Of = (current) => (current ?? shown) as Of,
): Required<Pick<RecordForm, 'values' | 'save' | 'seen'>> {
  let present = shown;
  return {
    values: values(shown),
    save: (typed) => save(present, typed),
    seen: (current) => {
      present = find(current);
      return values(present);
    },
  };
}

/** The part with the same id in a whole that a refusal shows; the part as it was where none is shown. */
export function partOf<Of extends { readonly id: string }>(current: unknown, list: string, shown: Of): Of {
  const parts = (current as Record<string, readonly Of[]> | null | undefined)?.[list];
  return parts?.find(({ id }) => id === shown.id) ?? shown;
}

export function text(values: Values, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value.trim() : '';
}

/** Nothing typed is nothing said. */
export function said(values: Values, name: string): string | null {
  return text(values, name) || null;
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller has offered choices of this type and no others
export function chosen<Of extends string>(values: Values, name: string): Of | null {
  return (text(values, name) || null) as Of | null;
}

/** A sum was typed that nobody can read: it must not pass for none. */
export class UnreadableSum extends Error {
  constructor(readonly field: string) {
    super(`no sum in ${field}`);
  }
}

const SUM = /^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{1,2})?$/;

/** Pounds as people type them ("1,250" or "£80.50") in pence; nothing when nothing was typed. Throws `UnreadableSum`. */
export function pence(values: Values, name: string): number | null {
  const typed = text(values, name).replace(/[£\s]/g, '');
  if (typed === '') return null;
  if (!SUM.test(typed)) throw new UnreadableSum(name);
  return Math.round(Number(typed.replaceAll(',', '')) * 100);
}

export function pounds(value: number | null): string {
  if (value === null) return '';
  return value % 100 === 0 ? (value / 100).toString() : (value / 100).toFixed(2);
}

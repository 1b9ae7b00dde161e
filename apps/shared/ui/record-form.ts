/** What a form asks for. Labels, hints and choices are keys of the catalogue, unless `words` says them outright. */
export interface Choice {
  readonly value: string;
  readonly label?: string;
  readonly words?: string;
}

export type Value = string | boolean | readonly string[];
export type Values = Readonly<Record<string, Value>>;

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind?: 'text' | 'tel' | 'email' | 'date' | 'area' | 'choice' | 'several' | 'money';
  readonly hint?: string;
  readonly choices?: readonly Choice[];
  /** Other names under which the server speaks of it. */
  readonly also?: readonly string[];
  readonly when?: (values: Values) => boolean;
}

export interface RecordForm {
  readonly title: string;
  readonly text?: string;
  readonly submit: string;
  readonly fields: readonly Field[];
  readonly values: Values;
  /** Throws an ApiFailure. The key belongs to one filling-in: the server carries it out once. */
  readonly save: (values: Values, key: string) => Promise<unknown>;
  /** What a colleague has saved meanwhile; saving once more is about that version. */
  readonly seen?: (current: unknown) => void;
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

/** Pounds as people type them ("1,250" or "£80.50") in pence; nothing when there is no number. */
export function pence(values: Values, name: string): number | null {
  const typed = text(values, name).replace(/[£,\s]/g, '');
  return /^\d+(\.\d{1,2})?$/.test(typed) ? Math.round(Number(typed) * 100) : null;
}

export function pounds(value: number | null): string {
  if (value === null) return '';
  return value % 100 === 0 ? (value / 100).toString() : (value / 100).toFixed(2);
}

import type { ImportPlan, UploadedFile, WordMeaning } from '@mu/shared/api/generated/models';
import { CATEGORY } from '@mu/shared/api/generated/models/category-array';
import { IMPORT_FIELD } from '@mu/shared/api/generated/models/import-field-array';

export type Field = (typeof IMPORT_FIELD)[number];
export const FIELDS = IMPORT_FIELD;

/** What a word of a file may mean; an imported ticket is at most new or closed. */
export const MEANINGS: Readonly<Partial<Record<string, readonly string[]>>> = {
  priority: ['P1', 'P2', 'P3', 'P4'],
  status: ['new', 'closed'],
  category: CATEGORY,
};

/** Column -> what it tells; a column that tells nothing is left out. */
export type Telling = Readonly<Record<string, Field | ''>>;

export function guessed({ columns, guesses }: UploadedFile): Telling {
  const told = Object.entries(guesses).flatMap(([field, named]) => named.map((column) => [column, field as Field] as const));
  return { ...Object.fromEntries(columns.map((column) => [column, ''] as const)), ...Object.fromEntries(told) };
}

/** What somebody has said of a file; kept in this tab, so that a reload loses nothing of it. */
export interface Said {
  readonly telling: Telling;
  readonly words: NonNullable<ImportPlan['words']>;
  readonly order: ImportPlan['order'];
  /** Nothing was said since its rows were checked. */
  readonly isChecked: boolean;
}

/** What was said of a file elsewhere, or what its columns most probably tell. */
export function saidOf(file: UploadedFile): Said {
  const { columns, plan } = file;
  const telling = guessed(plan ? { ...file, columns, guesses: plan.columns } : file);
  return { telling, words: plan?.words ?? {}, order: plan?.order ?? null, isChecked: plan !== null };
}

/** The plan for what the columns tell. The parts of an address keep the order of the guess, others that of the file. */
export function planOf(file: UploadedFile, telling: Telling, words: ImportPlan['words'], order: ImportPlan['order']): ImportPlan {
  const columns: Record<string, string[]> = {};
  const inOrder = [...new Set([...Object.values(file.guesses).flat(), ...file.columns])];
  for (const column of inOrder) {
    const field = telling[column];
    if (field) columns[field] = [...(columns[field] ?? []), column];
  }
  return { columns, words: words ?? {}, order: order ?? null };
}

/** Words that nobody has given a meaning come first. */
export function unknownFirst(words: readonly WordMeaning[]): WordMeaning[] {
  return [...words].sort((a, b) => Number(a.meaning !== null) - Number(b.meaning !== null));
}

/** One thing that an entry of the audit log tells beside who, what and when. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

type Words = (key: string, facts?: Record<string, string>) => string;

/** What an entry's data says, for a person: changes as before and after, everything else as it is. */
export function factsOf(data: Readonly<Record<string, unknown>>, words: Words): readonly Fact[] {
  return Object.entries(data).flatMap(([name, value]) =>
    name === 'changes' && typeof value === 'object' && value !== null
      ? Object.entries(value as Record<string, readonly unknown[]>).map(([field, [before, after]]) => ({
          name: readable(field),
          value: words('change', { before: told(before, words), after: told(after, words) }),
        }))
      : value === null ? [] : [{ name: readable(name), value: told(value, words) }],
  );
}

/** Whether something was changed of which the log itself says only that it was there. */
export function hasTexts(data: Readonly<Record<string, unknown>>): boolean {
  const changes = data['changes'];
  return typeof changes === 'object' && changes !== null && Object.values(changes).some((pair) => Array.isArray(pair) && pair.every((one) => one === true));
}

/** "is_ai_on" and "isAiOn" as "is ai on". */
function readable(name: string): string {
  return name.replaceAll('_', ' ').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function told(value: unknown, words: Words): string {
  if (value === null || value === undefined || value === '') return words('nothing');
  if (typeof value === 'boolean') return words(String(value));
  if (Array.isArray(value)) return value.map((one) => told(one, words)).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

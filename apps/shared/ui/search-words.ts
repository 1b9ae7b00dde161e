/** The server reads no more of a search, in characters. */
export const LONGEST_SEARCH = 200;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** What a search is about: on one line, as long as the server reads it; nothing when nobody could see what was typed. */
export function searchWords(typed: string): string {
  if (!VISIBLE.test(typed)) return '';
  return Array.from(typed.trim().replace(/\s+/g, ' ')).slice(0, LONGEST_SEARCH).join('').trimEnd();
}

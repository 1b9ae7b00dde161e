/** "Arabic" for `ar`; null for English, and for what is no language. */
export function languageName(tag: string): string | null {
  if (/^en(-|$)/.test(tag)) return null;
  try {
    return new Intl.DisplayNames('en-GB', { type: 'language', fallback: 'none' }).of(tag) ?? tag;
  } catch {
    return null;
  }
}

import { knownWords } from '@mu/shared/i18n/catalogue';

/** What a role is called: built-in ones have words, an organisation's own have their name. */
export function roleNames(): (name: string) => string {
  const known = knownWords();
  return (name) => known(`role.${name}`) ?? name;
}

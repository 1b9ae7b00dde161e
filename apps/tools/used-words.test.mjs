// The portal's catalogue holds no words that nobody says: each key stands in the code, or behind a prefix that the code completes.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const PORTAL = new URL('../tenant-portal/src/app/', import.meta.url);
const read = (name) => readFileSync(new URL(name, PORTAL), 'utf8');
const names = readdirSync(PORTAL, { recursive: true });
const code = names.filter((name) => /\.(ts|html)$/.test(name) && !name.endsWith('.spec.ts')).map(read).join('\n');
const told = names.filter((name) => name.endsWith('en.json')).map((name) => ({ words: JSON.parse(read(name)), feature: /(\w+)\/en\.json$/.exec(name)?.[1] }));

function keys(words, before = '') {
  return Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [before + key] : keys(value, `${before}${key}.`)));
}

const every = told.flatMap(({ words, feature }) => keys(words, feature ? `${feature}.` : ''));

test('each key of the portal is said somewhere', () => {
  const completed = [...code.matchAll(/['`]((?:\w+\.)+)(?:'|\$\{)/g)].map(([, prefix]) => prefix);
  const unused = every.filter((key) => !code.includes(`'${key}'`) && !completed.some((prefix) => key.startsWith(prefix)));

  assert.ok(every.length > 150);
  assert.deepEqual(unused, []);
});

test('each error that the portal has words for is one that can happen', () => {
  const codes = readFileSync(new URL('../../../../docs/errors.md', PORTAL), 'utf8');
  const own = ['unreachable', 'unexpected'];
  const unknown = every.filter((key) => key.startsWith('errors.')).map((key) => key.slice('errors.'.length));

  assert.deepEqual(unknown.filter((error) => !own.includes(error) && !codes.includes(`\`${error}\``)), []);
});

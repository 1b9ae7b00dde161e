import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

const root = new URL('../', import.meta.url).pathname;
const read = (path) => readFileSync(join(root, path), 'utf8');
const words = (path) => JSON.parse(read(path));

/** Under the names of their folders, the words of what is loaded later. */
function wordsBelow(folder) {
  const parts = readdirSync(join(root, folder), { recursive: true }).filter((name) => basename(name) === 'en.json' && name !== 'en.json');
  return Object.fromEntries(parts.map((name) => [basename(dirname(name)), words(join(folder, name))]));
}

const ownWordsOf = (app) => ({ ...words(`${app}/src/app/en.json`), ...wordsBelow(`${app}/src/app`) });
const catalogueOf = (app) => ({ ...words('shared/i18n/en.json'), ...wordsBelow('shared/ui'), ...ownWordsOf(app) });
const keysOf = (words, before = '') => Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [before + key] : keysOf(value, `${before}${key}.`)));

const finding = (catalogue) => (key) => key.split('.').reduce((at, part) => at?.[part], catalogue);

const USES = [
  /'([a-z][\w-]*(?:\.[\w-]+)+)'\s*(?:\)\s*)?\|\s*transloco/gi,
  /\btranslate\('([a-z][\w-]*(?:\.[\w-]+)+)'/gi,
  /\b(?:words|title|group):\s*'([a-z][\w-]*(?:\.[\w-]+)+)'/gi,
];

// The portal takes only some of what is shared, so what is shared is looked at with the staff app.
for (const [app, folders] of [['web', ['shared', 'web/src']], ['tenant-portal', ['tenant-portal/src']]]) {
  const find = finding(catalogueOf(app));

  test(`every key that the sources of ${app} name has words`, () => {
    const missing = [];
    for (const folder of folders) {
      for (const name of readdirSync(join(root, folder), { recursive: true })) {
        if (!/\.(ts|html)$/.test(name) || /\.spec\.ts$|generated/.test(name)) continue;
        const source = read(join(folder, name));
        for (const use of USES) {
          for (const [, key] of source.matchAll(use)) if (typeof find(key) !== 'string') missing.push(`${name}: ${key}`);
        }
      }
    }
    assert.deepEqual(missing, []);
  });
}

// The first two lines say more than a code can: which step is allowed, which field is wrong, what was not kept, who holds a role.
// The others no screen brings about, or the server's own sentence says it as well.
const SAID_BY_THE_SERVER = new Set(['too-many-sign-ups', 'signs-in-elsewhere', 'no-letters',
  'illegal-transition', 'invalid', 'cut-off',
  'already-here', 'in-use', 'invited-somebody-else', 'last-administrator',
  'idempotency-key-reused', 'malformed', 'unsupported-media-type', 'method-not-allowed', 'precondition-required',
  'submission-key-reused', 'organisation-suspended', 'must-be-opened', 'head-too-large', 'photo-link-invalid', 'photo-link-expired', 'turned-off',
  ...['wrong-code', 'sign-in-step-over', 'has-second-factor', 'second-factor-required', 'already-decided', 'wrong-password', 'signed-in-too-long-ago', 'too-slow', 'too-large', 'busy', 'not-ready', 'unavailable', 'too-many-requests'],
]);
const errors = join(root, '../docs/errors.md');
const codesOfErrors = () => [...readFileSync(errors, 'utf8').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, code]) => code);

test('every number in words has both of its forms', () => {
  const find = finding(catalogueOf('web'));
  const missing = [];
  for (const folder of ['shared', 'web/src']) {
    for (const name of readdirSync(join(root, folder), { recursive: true })) {
      if (!/\.(ts|html)$/.test(name) || /\.spec\.ts$|generated/.test(name)) continue;
      for (const [, expression] of read(join(folder, name)).matchAll(/\{\{([^{}]*)\|\s*counted:/g)) {
        for (const [, key] of expression.matchAll(/'([a-z][\w-]*(?:\.[\w-]+)+)'/gi)) {
          for (const form of ['one', 'other']) if (typeof find(`${key}.${form}`) !== 'string') missing.push(`${name}: ${key}.${form}`);
        }
      }
    }
  }
  assert.deepEqual(missing, []);
});

test('every error of the API has words, or is left to the server', { skip: !existsSync(errors) }, () => {
  const codes = codesOfErrors();
  const { errors: told, photos } = catalogueOf('tenant-portal');
  const said = { ...told, ...photos.problems, ...catalogueOf('web').errors };

  assert.ok(codes.length > 5);
  assert.deepEqual(codes.filter((code) => !SAID_BY_THE_SERVER.has(code) && !said[code]), []);
});

test('the tenant portal holds no words that nobody says', () => {
  const folder = 'tenant-portal/src/app';
  const sources = readdirSync(join(root, folder), { recursive: true }).filter((name) => /\.(ts|html)$/.test(name) && !name.endsWith('.spec.ts'));
  const code = sources.map((name) => read(join(folder, name))).join('\n');
  // A key stands in the code whole, or its beginning does and data complete it.
  const begun = [...code.matchAll(/['`]((?:\w+\.)+)(?:'|\$\{)/g)].map(([, prefix]) => prefix);
  const keys = keysOf(ownWordsOf('tenant-portal'));

  assert.ok(keys.length > 150);
  assert.deepEqual(keys.filter((key) => !code.includes(`'${key}'`) && !begun.some((prefix) => key.startsWith(prefix))), []);
});

test('the tenant portal has words for errors that can happen, and no others', { skip: !existsSync(errors) }, () => {
  const possible = new Set([...codesOfErrors(), 'unreachable', 'unexpected']);

  assert.deepEqual(Object.keys(ownWordsOf('tenant-portal').errors).filter((code) => !possible.has(code)), []);
});

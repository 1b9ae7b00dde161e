import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = new URL('../', import.meta.url).pathname;
const read = (path) => readFileSync(join(root, path), 'utf8');
const words = (path) => JSON.parse(read(path));

function catalogueOf(app) {
  const folder = `${app}/src/app/features`;
  const features = readdirSync(join(root, folder)).filter((name) => existsSync(join(root, folder, name, 'en.json')));
  return {
    ...words('shared/i18n/en.json'),
    ...words(`${app}/src/app/en.json`),
    ...Object.fromEntries(features.map((name) => [name, words(`${folder}/${name}/en.json`)])),
  };
}

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

// The first two say more than a code can: which step is allowed, which field is wrong. The others no screen brings about.
const SAID_BY_THE_SERVER = new Set([
  'illegal-transition', 'invalid',
  'idempotency-key-reused', 'malformed', 'unsupported-media-type', 'method-not-allowed', 'precondition-required',
  'submission-key-reused', 'must-be-opened', 'head-too-large', 'photo-link-invalid', 'photo-link-expired', 'turned-off',
]);
const errors = join(root, '../docs/errors.md');

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
  const codes = [...readFileSync(errors, 'utf8').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, code]) => code);
  const said = { ...catalogueOf('tenant-portal').errors, ...catalogueOf('web').errors };

  assert.ok(codes.length > 5);
  assert.deepEqual(codes.filter((code) => !SAID_BY_THE_SERVER.has(code) && !said[code]), []);
});

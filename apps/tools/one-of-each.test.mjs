// Whoever looks for a component finds one: what two clients need lives in shared/ (each has a root of its own). And a client carries no icon it never shows.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const APPS = new URL('../', import.meta.url);
const files = ['shared', 'web/src', 'tenant-portal/src'].flatMap((folder) =>
  readdirSync(new URL(folder, APPS), { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((name) => /\.(ts|html)$/.test(name) && !name.endsWith('.spec.ts') && !name.includes('/generated/'))
    .map((name) => ({ name, text: readFileSync(new URL(name, APPS), 'utf8') })),
);

test('each component stands in one file', () => {
  const places = Map.groupBy(
    files.flatMap(({ name, text }) => [...text.matchAll(/^ {2}selector: '(?!mu-root)([^']+)'/gm)].map(([, selector]) => ({ selector, name }))),
    ({ selector }) => selector,
  );

  assert.ok(places.size > 50);
  assert.deepEqual([...places.values()].filter((found) => found.length > 1).flat(), []);
});

test('the tenant portal carries no icon that it never shows', () => {
  const own = files.filter(({ name }) => name.startsWith('tenant-portal/'));
  const { text } = own.find(({ name }) => name.endsWith('/app/icons.ts'));
  const icons = [...text.matchAll(/^ {2}'?([\w-]+)'?: '/gm)].map(([, icon]) => icon);
  const dangers = readFileSync(new URL('tenant-portal/src/app/dangers.json', APPS), 'utf8');
  const shown = (icon) => dangers.includes(`"key": "${icon}"`) || own.some((file) => new RegExp(`\\bname="${icon}"|'${icon}' : '|: '${icon}'`).test(file.text) && !file.name.endsWith('/icons.ts'));

  assert.ok(icons.length > 10);
  assert.deepEqual(icons.filter((icon) => !shown(icon)), []);
});

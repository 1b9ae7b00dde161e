import assert from 'node:assert/strict';
import { test } from 'node:test';
import angular from 'angular-eslint';
import { Linter } from 'eslint';
import { noLiteralText } from './no-literal-text.mjs';

const CONFIG = {
  files: ['**/*.html'],
  languageOptions: { parser: angular.templateParser },
  plugins: { mu: { rules: { 'no-literal-text': noLiteralText } } },
  rules: { 'mu/no-literal-text': 'error' },
};
const findings = (template) => new Linter().verify(template, [CONFIG], { filename: 'page.html' }).map(({ message }) => message);

const PLANTED = {
  'a text node': '<p>Hello</p>',
  'text inside a block': '@if (open) { <b>Hello</b> } @else { Hello }',
  'text beside an interpolation': '<p>{{ count }} tickets</p>',
  'a literal in an interpolation': `<p>{{ open ? 'Open' : ('closed' | transloco) }}</p>`,
  'a fallback literal': `<p>{{ name ?? 'Nobody' }}</p>`,
  'a template literal': '<p>{{ `Hello ${name}` }}</p>',
  'an aria-label': '<button type="button" aria-label="Close"></button>',
  'a placeholder': '<input placeholder="Search" />',
  'a title': '<span title="Details"></span>',
  'an alternative text': '<img src="a.png" alt="A cat" />',
  'a bound aria-label': `<button type="button" [attr.aria-label]="'Close'"></button>`,
  'a bound placeholder': `<input [placeholder]="'Search'" />`,
  'an interpolated title': '<span title="Ticket {{ id }}"></span>',
  'an input of a component': '<mu-empty-state heading="Nothing here" />',
};
for (const [what, template] of Object.entries(PLANTED)) {
  test(`${what} is refused`, () => assert.equal(findings(template).length, what === 'text inside a block' ? 2 : 1, template));
}

const FINE = {
  'words of the catalogue': `<p>{{ 'a.b' | transloco }} · {{ (x ? 'a' : 'b') | transloco: { name: 'c' } }}</p>`,
  'words with a number in them': `<p>{{ (x ? 'a.b' : 'a.c') | counted: n }}</p>`,
  'a bound catalogue word': `<input [placeholder]="'a.b' | transloco" alt="" />`,
  'data': '<p [title]="exact()">{{ name }}, {{ count + 1 }} – {{ date(at) }}</p>',
  'a comparison': `<p>{{ state === 'open' ? 1 : 2 }}</p>`,
  'the name of a key': '<kbd>Esc</kbd>',
  'what nobody reads': '<mu-icon name="close" class="text-muted" id="a" />',
};
for (const [what, template] of Object.entries(FINE)) {
  test(`${what} is fine`, () => assert.deepEqual(findings(template), []));
}

import { PICKER } from '../samples';
import { type Draft, OTHER, asReport, begun, expired, faultOf, isPhone, lengthOf, newDraft, reachable, stepsOf } from './draft';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const DAY = 24 * 3_600_000;

const draft = (change: Partial<Draft> = {}): Draft => ({ ...newDraft('7KQ2M-4XPDA', NOW), ...change });
const tap = draft({ danger: 'none', room: 'kitchen', fault: 'tap' });

it('asks what the chosen fault needs, one question a page', () => {
  expect(stepsOf(faultOf(tap, PICKER))).toEqual([
    'danger', 'where', 'what', 'ask-other_tap', 'ask-how', 'words', 'photos', 'access', 'contact', 'check',
  ]);
  expect(stepsOf(null)).not.toContain('ask-how');
});

it.each([
  ['photos', draft(), 'danger'],
  ['photos', draft({ danger: 'none' }), 'where'],
  ['photos', draft({ danger: 'none', room: 'kitchen' }), 'what'],
  ['photos', tap, 'photos'],
  ['where', draft({ danger: 'none' }), 'where'],
  ['ask-how', tap, 'ask-how'],
  ['ask-of-another-fault', tap, 'words'],
])('whoever opens %s is led to the first question that is missing', (step, asked, expected) => {
  expect(reachable(step, asked, faultOf(asked, PICKER))).toBe(expected);
});

it('sends a danger without waiting for anything else', () => {
  expect(asReport(draft({ danger: 'gas_smell' }))).toMatchObject({ danger: 'gas_smell', room: null, description: '', contact: null });
});

it('leaves half an address behind rather than have a danger turned down', () => {
  const hurried = { danger: 'gas_smell', name: 'Ines', email: 'ines@', phone: '0770' };

  expect(asReport(draft(hurried)).contact).toEqual({ name: 'Ines', email: null, phone: null });
  expect(asReport(draft({ ...hurried, danger: 'none' })).contact).toMatchObject({ email: 'ines@', phone: '0770' });
});

it.each([
  ['07700 900123', true],
  ['+44 (0)7700/900.123', true],
  ['٠٧٧٠٠ ٩٠٠١٢٣', true],
  ['01632 960001, ask for Ines', true],
  ['12 34', false],
  ['call me', false],
])('%s can be dialled: %s', (typed, expected) => {
  expect(isPhone(typed)).toBe(expected);
});

it('sends no danger as none, and an empty contact as none', () => {
  expect(asReport(tap)).toMatchObject({ danger: null, fault: 'tap', contact: null });
  expect(asReport({ ...tap, phone: ' 07700 900123 ' }).contact).toEqual({ name: null, email: null, phone: '07700 900123' });
});

it('throws a draft away after a week, but never one that waits to be sent', () => {
  expect(expired(draft(), NOW + 6 * DAY)).toBe(false);
  expect(expired(draft(), NOW + 8 * DAY)).toBe(true);
  expect(expired(draft({ state: 'queued' }), NOW + 80 * DAY)).toBe(false);
});

it('calls a report begun once there is something to miss', () => {
  expect(begun(draft({ danger: 'none' }))).toBe(false);
  expect(begun(draft({ room: 'kitchen' }))).toBe(true);
  expect(begun(draft({ words: 'Kran cieknie', fault: OTHER }))).toBe(true);
});

it('counts words as the server does', () => {
  expect([lengthOf('żółć'), lengthOf('🚿🚿'), lengthOf('الماء')]).toEqual([4, 2, 5]);
});

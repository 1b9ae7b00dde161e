import { readCode } from './code';

it.each([
  ['7KQ2M-4XPDA', '7KQ2M-4XPDA'],
  ['7kq2m4xpda', '7KQ2M-4XPDA'],
  ['  7kq2m 4xp da ', '7KQ2M-4XPDA'],
  ['OI L00-abcde', '01100-ABCDE'],
  ['https://repairs.example.com/tenant/h/7KQ2M-4XPDA', '7KQ2M-4XPDA'],
])('the code typed as %s is read as %s', (typed, code) => {
  expect(readCode(typed)).toBe(code);
});

it.each(['', '7KQ2M', '7KQ2M-4XPDAA', 'UUUUU-UUUUU'])('"%s" is no code', (typed) => {
  expect(readCode(typed)).toBeNull();
});

import { initialsOf } from './avatar';

it.each([
  ['Oluwaseun Adébáyò-Featherstonehaugh', 'OA'],
  ['Siân ap Gwilym', 'SG'],
  ['  Nguyễn  ', 'N'],
  ['', ''],
])('the initials of "%s" are "%s"', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

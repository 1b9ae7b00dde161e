import { GROUPS, changed, grantsOf, matrixOf, same } from './matrix';

describe('The matrix of a role', () => {
  it('holds each permission once, by what it is about', () => {
    const all = GROUPS.flatMap(({ permissions }) => permissions.map(({ permission }) => permission));

    expect(new Set(all).size).toBe(all.length);
    expect(GROUPS.find(({ resource }) => resource === 'tickets')?.permissions.map(({ action }) => action)).toContain('read');
  });

  it('gives back what it was made of, and leaves out what is taken away', () => {
    const matrix = matrixOf([{ permission: 'tickets:read', scope: 'org' }, { permission: 'ai:use', scope: 'team' }]);

    expect(grantsOf(changed(matrix, 'ai:use', ''))).toEqual([{ permission: 'tickets:read', scope: 'org' }]);
    expect(same(matrix, changed(changed(matrix, 'ai:use', ''), 'ai:use', 'team'))).toBe(true);
    expect(same(matrix, changed(matrix, 'ai:use', 'org'))).toBe(false);
  });
});

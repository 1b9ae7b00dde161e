import { DANGERS } from '../../api/homes';
import type { Nation } from '../../api/shapes';
import { adviceOn } from './advice';

it('has advice for each danger that is asked about, in each nation and in none', () => {
  const nations: (Nation | undefined)[] = ['ENG', 'WLS', 'SCT', 'NIR', undefined];

  expect(DANGERS.length).toBeGreaterThan(4);
  expect(DANGERS.filter(({ key }) => nations.some((nation) => !adviceOn(key, nation)?.advice.length))).toEqual([]);
});

it('says whom to call in the nation of the home', () => {
  const gas = (nation: Nation) => adviceOn('gas_smell', nation)!.call!.number;

  expect([gas('ENG'), gas('NIR')]).toEqual(['0800 111 999', '0800 002 001']);
});

it('gives the numbers of all nations while it does not know the nation', () => {
  const gas = adviceOn('gas_smell', undefined)!;

  expect(gas.call!.number).toBe('0800 111 999');
  expect(gas.callAlso.map(({ number }) => number)).toEqual(['0800 002 001', '999']);
  expect(DANGERS.flatMap(({ key }) => adviceOn(key, undefined)!.advice).join(' ')).not.toContain('111');
});

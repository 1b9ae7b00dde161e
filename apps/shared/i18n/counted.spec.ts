import { TestBed } from '@angular/core/testing';
import { provideCatalogue } from './catalogue';
import { Counted } from './counted';

describe('Words with a number in them', () => {
  it.each([[0, '0 tickets'], [1, '1 ticket'], [2, '2 tickets'], [12_000, '12,000 tickets']])('take the form that goes with %d', (count, words) => {
    TestBed.configureTestingModule({ providers: [Counted, provideCatalogue({ all: { one: '{{ count }} ticket', other: '{{ count }} tickets' } })] });

    expect(TestBed.inject(Counted).transform('all', count)).toBe(words);
  });
});

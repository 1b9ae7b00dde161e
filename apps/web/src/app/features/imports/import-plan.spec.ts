import type { UploadedFile, WordMeaning } from '@mu/shared/api/generated/models';
import { guessed, planOf, unknownFirst } from './import-plan';

const FILE: UploadedFile = {
  id: 'file',
  fileName: 'repairs.csv',
  columns: ['Ref', 'Town', 'Street', 'Words', 'Colour'],
  guesses: { external_reference: ['Ref'], address: ['Street', 'Town'], description: ['Words'] },
  sample: [['R-1', 'Leeds', '1 Elm Row', 'Tap drips', 'red']],
  headerRow: 1,
  plan: null,
};

describe('The plan of an import', () => {
  it('begins with the guesses and leaves out what nobody knows', () => {
    expect(guessed(FILE)).toEqual({ Ref: 'external_reference', Town: 'address', Street: 'address', Words: 'description', Colour: '' });
  });

  it('keeps the parts of an address in the order of the guess', () => {
    expect(planOf(FILE, guessed(FILE), undefined, null)).toEqual({
      columns: { external_reference: ['Ref'], address: ['Street', 'Town'], description: ['Words'] },
      words: {},
      order: null,
    });
  });

  it('follows what a person says of a column', () => {
    expect(planOf(FILE, { ...guessed(FILE), Colour: 'title', Ref: '' }, undefined, 'day_first').columns).toEqual({
      address: ['Street', 'Town'],
      description: ['Words'],
      title: ['Colour'],
    });
  });

  it('puts the words first that somebody has to explain', () => {
    const word = (name: string, meaning: string | null): WordMeaning => ({ field: 'priority', word: name, meaning, rows: 1 });

    expect(unknownFirst([word('urgent', 'P2'), word('whenever', null)]).map((one) => one.word)).toEqual(['whenever', 'urgent']);
  });
});

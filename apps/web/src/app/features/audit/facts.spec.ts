import { factsOf, hasTexts } from './facts';

const words = (key: string, facts: Record<string, string> = {}): string =>
  key === 'change' ? `${facts['before'] ?? ''} → ${facts['after'] ?? ''}` : key;

describe('What an entry tells', () => {
  it('shows what was before and after', () => {
    expect(factsOf({ changes: { is_ai_on: [true, false], name: [null, 'Harbour'] } }, words)).toEqual([
      { name: 'is ai on', value: 'true → false' },
      { name: 'name', value: 'nothing → Harbour' },
    ]);
  });

  it('leaves out what is empty and keeps what is not', () => {
    expect(factsOf({ failure: null, rows: 12, becauseOf: 'signed_out' }, words)).toEqual([
      { name: 'rows', value: '12' },
      { name: 'because of', value: 'signed_out' },
    ]);
  });

  it('knows where the log keeps names and numbers sealed', () => {
    expect(hasTexts({ changes: { name: [true, true], approval_limit: [100, 200] } })).toBe(true);
    expect(hasTexts({ changes: { is_ai_on: [true, false], approval_limit: [100, 200] } })).toBe(false);
    expect(hasTexts({ rows: 12 })).toBe(false);
  });
});

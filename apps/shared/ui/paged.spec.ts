import { type Portion, Paged } from './paged';

describe('A list that comes page by page', () => {
  it('goes on where it stopped, until nothing follows', async () => {
    const asked: (string | null)[] = [];
    const paged = new Paged<number>((cursor) => {
      asked.push(cursor);
      return Promise.resolve(cursor === null ? { items: [1, 2], nextCursor: 'b' } : { items: [3], nextCursor: null });
    });

    await paged.load();
    await paged.more();
    await paged.more();

    expect(paged.items()).toEqual([1, 2, 3]);
    expect(asked).toEqual([null, 'b']);
  });

  it('forgets what an earlier question brings late', async () => {
    const answers: ((portion: Portion<string>) => void)[] = [];
    const paged = new Paged<string>(() => new Promise((answer) => answers.push(answer)));

    const first = paged.load();
    const second = paged.load();
    answers[1]!({ items: ['new'], nextCursor: null });
    answers[0]!({ items: ['old'], nextCursor: null });
    await Promise.all([first, second]);

    expect(paged.items()).toEqual(['new']);
  });

  it('says what went wrong', async () => {
    const paged = new Paged<string>(() => Promise.reject(new Error('no')));

    await paged.load();

    expect(paged.phase()).toBe('failed');
  });
});

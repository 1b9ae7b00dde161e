import type { TenancyView } from '@mu/shared/api/generated/models';
import { ApiFailure } from '@mu/shared/api/failure';
import type { PropertyApi } from './property-api';
import { newProperty, rightEndOfTenancy } from './property-forms';

const house = { kind: 'house', postcode: 'LS9 8BB', addressLine: '3 Mill Lane', town: 'Leeds' };

describe('The forms of a property', () => {
  it('ask whether it is another building once one is known at the address, and say so', async () => {
    const sent: unknown[] = [];
    const api = {
      add: (body: { isAnother?: boolean }) => {
        sent.push(body.isAnother);
        return body.isAnother ? Promise.resolve({ id: 'new' }) : Promise.reject(new ApiFailure('looks-the-same', 'Known already.', 409, null, {}));
      },
    } as unknown as PropertyApi;
    const form = newProperty(api, {} as never, '', () => undefined);
    const asks = (): boolean => form.fields.some(({ name, when }) => name === 'isAnother' && when!(form.values));
    const asksAtFirst = asks();

    await expect(form.save({ ...form.values, ...house }, 'key')).rejects.toThrow();
    const asksThen = asks();
    await form.save({ ...form.values, ...house, isAnother: ['yes'] }, 'key');

    expect([asksAtFirst, asksThen]).toEqual([false, true]);
    expect(sent).toEqual([false, true]);
  });

  it('take the end of a tenancy back by leaving the day empty', async () => {
    const sent: unknown[] = [];
    const api = { end: (...said: unknown[]) => { sent.push(said); return Promise.resolve(); } } as unknown as PropertyApi;
    const form = rightEndOfTenancy(api, { id: 'let', version: 4, endedOn: '2026-11-01' } as unknown as TenancyView);

    await form.save({ ...form.values, endedOn: '' }, 'key');

    expect(form.values['endedOn']).toBe('2026-11-01');
    expect(sent).toEqual([['let', 4, null]]);
  });
});

import type { AccreditationInput, AccreditationView, ContractorStatus, ContractorView } from '@mu/shared/api/generated/models';
import type { ContractorApi } from './contractor-api';
import { accreditationForm, suspension } from './contractor-forms';

const gasSafe: AccreditationView = { id: 'gas', scheme: 'gas_safe', number: '512345', expiresOn: '2027-03-01', cover: null, approvedAt: null, isGood: false, version: 1 };
const firm: ContractorView = {
  id: 'aire', name: 'Aire Valley Heating', trades: ['gas_engineer'], areas: [], status: 'active', suspension: null, contact: null,
  accreditations: [gasSafe], operatives: [], externalReference: null, expired: 0, version: 3,
} as unknown as ContractorView;
const meanwhile: ContractorView = { ...firm, version: 9, accreditations: [{ ...gasSafe, expiresOn: '2028-03-01', version: 4 }] };

describe('The forms of a firm', () => {
  const sent: unknown[] = [];
  const api = {
    changeAccreditation: (_: string, one: AccreditationView, body: AccreditationInput) => { sent.push([one.version, body.number]); return Promise.resolve(firm); },
    setStatus: (shown: ContractorView, status: ContractorStatus) => { sent.push([shown.version, status]); return Promise.resolve(firm); },
  } as unknown as ContractorApi;

  beforeEach(() => { sent.length = 0; });

  it('change an accreditation as it is since a colleague wrote it', async () => {
    const form = accreditationForm(api, 'aire', gasSafe);

    const now = form.seen!(meanwhile);
    await form.save({ ...now, number: '598765' }, 'key');

    expect(now['expiresOn']).toBe('2028-03-01');
    expect(sent).toEqual([[4, '598765']]);
  });

  it('suspend a firm as it is since a colleague changed it', async () => {
    const form = suspension(api, firm);

    form.seen!(meanwhile);
    await form.save({ reason: 'No insurance.' }, 'key');

    expect(sent).toEqual([[9, 'suspended']]);
  });
});

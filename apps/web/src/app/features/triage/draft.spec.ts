import type { SuggestionView } from '@mu/shared/api/generated/models';
import { aTicket } from '../tickets/ticket-samples';
import { NEW_DRAFT, draftOf, finished, proposed, same } from './draft';

const SUGGESTION: SuggestionView = {
  category: { value: 'damp_mould', reason: 'Says “mould”' },
  trade: { value: null, reason: 'No trade is needed' },
  priority: { value: 'P2', reason: 'A child lives there' },
  hazardClass: { value: 'potential_significant', reason: 'Mould may harm' },
  safetyFlag: { value: false, reason: 'Nobody is in danger now' },
  missingQuestions: [],
};

describe('A classification in the making', () => {
  it('is not finished before somebody has thought about the hazard', () => {
    expect(finished(NEW_DRAFT)).toBeNull();
    expect(finished({ ...NEW_DRAFT, hazardClass: 'none' })).toMatchObject({ hazardClass: 'none', trade: null });
  });

  it('begins with what is known of the ticket, and invents no hazard', () => {
    expect(draftOf(aTicket())).toMatchObject({ category: 'heating_hot_water', trade: '', hazardClass: '', responsibility: 'unknown' });
  });

  it('takes over what is proposed and leaves whose duty it is', () => {
    const draft = proposed(SUGGESTION, { ...NEW_DRAFT, responsibility: 'tenant' });

    expect(draft).toEqual({ category: 'damp_mould', trade: '', priority: 'P2', hazardClass: 'potential_significant', responsibility: 'tenant' });
    expect(same(proposed(SUGGESTION, draft), draft)).toBe(true);
    expect(same(proposed(SUGGESTION, { ...draft, priority: 'P4' }), { ...draft, priority: 'P4' })).toBe(false);
  });
});

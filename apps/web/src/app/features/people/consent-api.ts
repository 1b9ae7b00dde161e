import { Service, inject } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { listConsents } from '@mu/shared/api/generated/fn/consents/list-consents';
import { recordConsent } from '@mu/shared/api/generated/fn/consents/record-consent';
import type { ConsentChannel, ConsentList, ConsentStanding } from '@mu/shared/api/generated/models';
import { CONSENT_CHANNEL } from '@mu/shared/api/generated/models/consent-channel-array';
import { type RecordForm, chosen, said, text } from '@mu/shared/ui/record-form';

/** On which ways somebody may be written to. */
@Service()
export class ConsentApi {
  private readonly api = inject(Api);

  read(person: string): Promise<ConsentList> {
    return this.api.call(listConsents, { person_id: person });
  }

  /** Asks what somebody said about one way and purpose, with the words they were asked with. */
  form(person: string, { way, purpose, isGiven, mayWrite }: ConsentStanding, wording: string, today: string, done: (list: ConsentList) => void): RecordForm {
    return {
      title: `people.consent.${purpose}.${way}`, text: 'people.consent.text', submit: 'people.consent.save',
      fields: [
        { name: 'said', label: 'people.consent.said', kind: 'choice', choices: ['yes', 'no'].map((value) => ({ value, label: `people.consent.answer.${value}` })) },
        { name: 'wording', label: 'people.field.wording', kind: 'area', hint: 'people.hint.wording', when: (values) => values['said'] === 'yes' },
        { name: 'toldBy', label: 'people.consent.how', kind: 'choice', choices: CONSENT_CHANNEL.map((value) => ({ value, label: `people.channel.${value}` })) },
        { name: 'toldOn', label: 'people.consent.when', kind: 'date' },
        { name: 'note', label: 'people.consent.note', kind: 'area', hint: 'people.consent.noteHint' },
      ],
      values: { said: (isGiven ?? mayWrite) ? 'no' : 'yes', toldBy: 'phone', toldOn: today, wording },
      save: async (values, key) => {
        const isYes = text(values, 'said') === 'yes';
        done(await this.api.call(recordConsent, {
          person_id: person,
          body: {
            way, purpose, isGiven: isYes,
            toldBy: chosen<ConsentChannel>(values, 'toldBy') ?? 'phone',
            toldOn: text(values, 'toldOn'),
            wording: isYes ? said(values, 'wording') : null,
            note: said(values, 'note'),
          },
        }, key));
      },
    };
  }
}

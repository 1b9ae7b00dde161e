import { inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Now } from '@mu/shared/ui/now';
import { moment } from '@mu/shared/ui/when';
import type { Photo, Sending } from './ticket-photos';

export interface PhotoWords {
  /** "Photo 2 of 3, from the tenant, taken Fri 20 Nov, 08:15". */
  name(photo: Photo, number: number, of: number): string;
  /** "Taken Fri 20 Nov, 08:15", or that nobody knows. */
  taken(photo: Photo): string;
  arrived(photo: Photo): string;
  refusal(photo: Photo): string;
  failure(of: Sending): string;
}

/** What is said of a photo wherever it is shown. */
export function photoWords(): PhotoWords {
  const words = inject(TranslocoService);
  const now = inject(Now);
  const failed = failureWords();
  const say = (key: string, params: Record<string, unknown> = {}): string => words.translate(`tickets.photos.${key}`, params);
  const taken = ({ capturedAt }: Photo): string => (capturedAt ? say('taken', { at: moment(capturedAt, now.at()) }) : say('takenUnknown'));
  const arrived = ({ receivedAt }: Photo): string => say('arrived', { at: moment(receivedAt, now.at()) });
  return {
    taken,
    arrived,
    name: (photo, number, of) =>
      say(photo.capturedAt ? 'nameTaken' : 'nameArrived', {
        number,
        of,
        from: say(photo.isFromTenant ? 'fromTenant' : 'fromStaff'),
        at: moment(photo.capturedAt ?? photo.receivedAt, now.at()),
      }),
    refusal: ({ refusal }) => say(`refusal.${refusal ?? 'damaged'}`),
    failure: ({ failure }) => (failure === null ? '' : typeof failure === 'string' ? say(`unfit.${failure}`) : failed(failure)),
  };
}

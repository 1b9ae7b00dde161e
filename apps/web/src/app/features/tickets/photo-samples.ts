import type { Photo } from './ticket-photos';

/** A made-up photo that can be looked at; its addresses run out at `expires` (seconds). */
export function aPhoto(differences: Partial<Photo> = {}, expires = 1_795_000_000): Photo {
  const id = differences.id ?? 'photo';
  const address = (size: string): string => `/api/v1/photos/${id}?size=${size}&expires=${expires.toString()}&signature=s`;
  return {
    id,
    state: 'ready',
    refusal: null,
    url: address('display'),
    thumbnailUrl: address('thumbnail'),
    width: 1_600,
    height: 1_200,
    capturedAt: '2026-11-20T08:15:00Z',
    receivedAt: '2026-11-23T08:03:00Z',
    isFromTenant: true,
    ...differences,
  };
}

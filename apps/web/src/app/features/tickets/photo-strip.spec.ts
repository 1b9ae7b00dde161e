import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { Api } from '@mu/shared/api/api';
import { addPhoto } from '@mu/shared/api/generated/fn/photos/add-photo';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { Live } from '@mu/shared/live/live';
import { Now } from '@mu/shared/ui/now';
import words from './en.json';
import { aPhoto } from './photo-samples';
import { PhotoStrip } from './photo-strip';
import { type Photo, TicketPhotos } from './ticket-photos';

describe('The photos on the ticket', () => {
  let sent: (part: number) => void = () => undefined;
  const show = async (there: Photo[], mayAdd = true): Promise<HTMLElement> => {
    TestBed.configureTestingModule({
      providers: [
        TicketPhotos,
        provideCatalogue({ tickets: words }),
        { provide: Live, useValue: { events: new Subject() } },
        { provide: Now, useValue: { at: signal(new Date('2026-11-23T12:00:00Z')) } },
        { provide: Api, useValue: {
          call: (operation: unknown, _: unknown, __?: string, progress?: (part: number) => void) => {
            if (operation !== addPhoto) return Promise.resolve({ items: there });
            sent = progress ?? sent;
            return new Promise(() => undefined);
          },
        } },
      ],
    });
    await TestBed.inject(TicketPhotos).open('ticket');
    const strip = TestBed.createComponent(PhotoStrip);
    strip.componentRef.setInput('mayAdd', mayAdd);
    strip.autoDetectChanges();
    return strip.nativeElement as HTMLElement;
  };

  it('say in words whose they are and when they were taken', async () => {
    const page = await show([aPhoto({ id: 'a' }), aPhoto({ id: 'b', isFromTenant: false, capturedAt: null })]);

    expect([...page.querySelectorAll('img')].map(({ alt }) => alt)).toEqual([
      'Photo 1 of 2, from the tenant, taken Fri 20 Nov, 08:15', 'Photo 2 of 2, from a colleague, arrived Mon 23 Nov, 08:03',
    ]);
  });

  it('say what is being made ready, and why one is refused', async () => {
    const page = await show([
      aPhoto({ id: 'a', state: 'received', url: null, thumbnailUrl: null }), aPhoto({ id: 'b', state: 'refused', refusal: 'too-many-pixels', url: null, thumbnailUrl: null }),
    ]);

    expect(page.querySelector('ul')?.textContent).toContain('Being made ready');
    expect(page.querySelector('ul')?.textContent).toContain('It has more than 50 megapixels.');
    expect(page.querySelector('img')).toBeNull();
  });

  it('say how much of a file has gone out, and which waits its turn', async () => {
    const page = await show([]);
    void TestBed.inject(TicketPhotos).add([new File(['a'], 'leak.jpg', { type: 'image/jpeg' }), new File(['b'], 'hall.jpg', { type: 'image/jpeg' })]);
    sent(0.426);
    TestBed.tick();

    const tiles = [...page.querySelectorAll('li')].map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim());

    expect(tiles).toEqual(['leak.jpg42% sent', 'hall.jpgWaits its turn']);
    expect([...page.querySelectorAll('progress')].map(({ value }) => value)).toEqual([0.426, 0]);
  });

  it('say that there are none, and let only those add some who may', async () => {
    const page = await show([], false);

    expect(page.textContent).toContain('None yet.');
    expect(page.querySelector('button')).toBeNull();
  });
});

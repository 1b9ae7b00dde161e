import { TestBed } from '@angular/core/testing';
import { provideWholeCatalogue } from '@mu/shared/i18n/catalogue';
import { TenantApi } from '../api/tenant-api';
import { Keep } from '../draft/keep';
import { FakeApi, FakeKeep } from '../samples';
import photos from './en.json';
import { PhotoPicker } from './photo-picker';
import { PREPARE } from './photos';

/** A report's photos on a phone where every file but `no-photo.jpg` is one. */
async function chosen(names: readonly string[]): Promise<HTMLElement> {
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:', revokeObjectURL: () => undefined }));
  TestBed.configureTestingModule({
    providers: [
      provideWholeCatalogue({ photos }),
      { provide: TenantApi, useValue: new FakeApi() },
      { provide: Keep, useValue: new FakeKeep() },
      { provide: PREPARE, useValue: (file: File) => Promise.resolve(file.name === 'no-photo.jpg' ? { problem: 'not-a-photo' } : { blob: file, takenAt: null, seen: false }) },
    ],
  });
  const fixture = TestBed.createComponent(PhotoPicker);
  fixture.componentRef.setInput('owner', 'report');
  fixture.detectChanges();
  const page = fixture.nativeElement as HTMLElement;
  const field = page.querySelectorAll<HTMLInputElement>('input[type=file]')[1]!;
  Object.defineProperty(field, 'files', { value: names.map((name) => new File(['x'], name)) });
  field.dispatchEvent(new Event('change'));
  await vi.waitFor(async () => {
    await fixture.whenStable();
    expect(page.textContent).not.toContain('Getting your photos ready');
  });
  return page;
}

it('names all photos that were too many in one sentence, and each that is none in its own', async () => {
  const page = await chosen(['no-photo.jpg', ...Array.from({ length: 22 }, (_, number) => `${(number + 1).toString()}.jpg`)]);

  const told = [...page.querySelectorAll('[role=alert] p')].map(({ textContent }) => textContent.trim());
  expect(told).toEqual([
    'no-photo.jpg was not added. It is not a photo. Choose a JPEG, PNG, WebP or HEIC picture.',
    'A report can have 20 photos. Not added, because they were more: 21.jpg, 22.jpg.',
  ]);
  expect(page.textContent).toContain('Remove one to add another.');
});

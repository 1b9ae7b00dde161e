import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { ImportPreview, ImportView, UploadedFile } from '@mu/shared/api/generated/models';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { ImportApi } from './import-api';
import { ImportPage } from './import-page';

const FILE: UploadedFile = {
  id: 'file', fileName: 'repairs.csv', columns: ['Words', 'Street'], guesses: { description: ['Words'], address: ['Street'] }, sample: [['Tap drips', '1 Elm Row']],
};
const PREVIEW: ImportPreview = {
  id: 'file', rows: 3, good: 2, bad: 1, new: 2, alreadyThere: 0, homeUnknown: 2, order: 'day_first', words: [], sample: [],
  badRows: [{ row: 4, column: 'Words', code: 'words-missing', reason: 'Neither a title nor a description.' }],
};
const RUN: ImportView = {
  id: 'file', fileName: 'repairs.csv', status: 'finished', rows: 3, done: 3, created: 2, alreadyThere: 0, bad: 1, homeUnknown: 2, failure: null, badRows: [],
};

describe('The page that imports tickets', () => {
  const api = { upload: vi.fn(), check: vi.fn(), start: vi.fn(), read: vi.fn() };
  let fixture: ComponentFixture<ImportPage>;
  let page: HTMLElement;

  const settled = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  };
  const press = async (name: string): Promise<void> => {
    [...page.querySelectorAll('button')].find((button) => button.textContent.includes(name))?.click();
    await settled();
  };
  const choose = async (): Promise<void> => {
    const input = page.querySelector<HTMLInputElement>('input[type=file]');
    const file = new File(['x'], 'repairs.csv');
    Object.defineProperty(input, 'files', { value: { item: () => file } });
    input?.dispatchEvent(new Event('change'));
    await settled();
  };

  beforeEach(async () => {
    for (const one of Object.values(api)) one.mockReset();
    api.upload.mockResolvedValue(FILE);
    api.check.mockResolvedValue(PREVIEW);
    api.start.mockResolvedValue(RUN);
    TestBed.configureTestingModule({
      providers: [provideCatalogue({ imports: words }), provideRouter([{ path: '**', children: [] }]), { provide: ImportApi, useValue: api }],
    });
    fixture = TestBed.createComponent(ImportPage);
    page = fixture.nativeElement as HTMLElement;
    await fixture.whenStable();
  });

  it('goes from a file to the result, with a link to homes that are not known', async () => {
    await choose();
    await press('Check the rows');
    const seen = page.textContent;
    await press('Leave the bad rows out');

    expect(seen).toContain('Row 4');
    expect(seen).toContain('Neither a title nor a description.');
    expect(api.start).toHaveBeenCalledWith('file', true);
    expect(page.textContent).toContain('2 tickets came in');
    expect(page.querySelector('a[href*="home=unknown"]')).not.toBeNull();
  });

  it('says why a file can\'t be read and takes another', async () => {
    api.upload.mockRejectedValue(new ApiFailure('file-unreadable', 'This is an Excel workbook.', 422));

    await choose();

    expect(page.querySelector('[role=alert]')?.textContent).toContain('This is an Excel workbook.');
    expect(page.querySelector('input[type=file]')).not.toBeNull();
  });
});

import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import type { ImportPreview, ImportView, UploadedFile } from '@mu/shared/api/generated/models';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { Drafts } from '../tickets/drafts';
import words from './en.json';
import { ImportApi } from './import-api';
import { ImportPage } from './import-page';

const FILE: UploadedFile = {
  id: 'file', fileName: 'repairs.csv', columns: ['Words', 'Street'], guesses: { description: ['Words'], address: ['Street'] }, sample: [['Tap drips', '1 Elm Row']], headerRow: 1, plan: null,
};
const PREVIEW: ImportPreview = {
  id: 'file', rows: 3, good: 2, bad: 1, new: 2, alreadyThere: 0, repeated: 0, homeUnknown: 2, undecidedDate: null, order: 'day_first', words: [], sample: [],
  badRows: [{ row: 4, column: 'Words', code: 'words-missing', reason: 'Neither a title nor a description.' }],
};
const RUN: ImportView = {
  id: 'file', fileName: 'repairs.csv', status: 'finished', rows: 3, done: 3, created: 2, alreadyThere: 0, repeated: 0, bad: 1, homeUnknown: 2, failure: null, badRows: [],
};

describe('The page that imports tickets', () => {
  const api = { upload: vi.fn(), check: vi.fn(), start: vi.fn(), read: vi.fn(), file: vi.fn() };
  const scrolled = vi.fn();
  const kept = new Map<string, unknown>();
  const drafts = { read: (name: string) => kept.get(name) ?? null, keep: (name: string, draft: unknown) => kept.set(name, draft), drop: (name: string) => kept.delete(name) };
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
  const reopened = async (): Promise<void> => {
    fixture = TestBed.createComponent(ImportPage);
    fixture.componentRef.setInput('run', 'file');
    page = fixture.nativeElement as HTMLElement;
    await settled();
    await settled();
  };
  const choose = async (size = 1): Promise<void> => {
    const input = page.querySelector<HTMLInputElement>('input[type=file]');
    const file = Object.defineProperty(new File(['x'], 'repairs.csv'), 'size', { value: size });
    Object.defineProperty(input, 'files', { value: { item: () => file } });
    input?.dispatchEvent(new Event('change'));
    await settled();
  };

  beforeEach(async () => {
    for (const one of Object.values(api)) one.mockReset();
    scrolled.mockReset();
    HTMLElement.prototype.scrollIntoView = scrolled; // the imitated browser has no layout
    api.upload.mockResolvedValue(FILE);
    api.check.mockResolvedValue(PREVIEW);
    api.start.mockResolvedValue(RUN);
    kept.clear();
    TestBed.configureTestingModule({
      providers: [provideCatalogue({ imports: words }), provideRouter([{ path: '**', children: [] }]), { provide: ImportApi, useValue: api }, { provide: Drafts, useValue: drafts }],
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

  it('takes whoever asked for the rows to what was found', async () => {
    await choose();
    await press('Check the rows');

    expect(document.activeElement?.textContent).toBe('What would come in');
    expect(scrolled).toHaveBeenCalledOnce();
  });

  it('asks which number of a date is the day when no row shows it, and shows the dates as they are read', async () => {
    const undecidedDate = { written: '10/07/2013', dayFirst: '2013-07-10', monthFirst: '2013-10-07' };
    const ticket = { row: 2, reference: 'R-1', title: 'Tap drips', address: '1 Elm Row', category: 'other', priority: 'P3', status: 'new' } as const;
    api.check.mockResolvedValueOnce({ ...PREVIEW, undecidedDate, sample: [{ ...ticket, reportedAt: '2013-07-09T23:00:00Z' }] });
    api.check.mockResolvedValue({ ...PREVIEW, undecidedDate, order: 'month_first', sample: [{ ...ticket, reportedAt: '2013-10-06T23:00:00Z' }] });

    await choose();
    await press('Check the rows');
    const before = page.textContent;
    page.querySelectorAll<HTMLInputElement>('input[type=radio]')[1]?.click();
    await settled();

    expect(before).toContain('What is 10/07/2013?');
    expect(before).toContain('Reported Wed 10 Jul 2013');
    expect(api.check.mock.lastCall).toEqual(['file', expect.objectContaining({ order: 'month_first' })]);
    expect(page.textContent).toContain('Reported Mon 7 Oct 2013');
  });

  it('goes on after a reload where it stood: the file, what was said of it, and what would come in', async () => {
    api.read.mockResolvedValue({ ...RUN, status: 'checked' });
    api.file.mockResolvedValue({ ...FILE, plan: { columns: { title: ['Words'], address: ['Street'] }, words: { status: { open: 'closed' } }, order: 'month_first' } });

    await reopened();

    expect(page.textContent).toContain('repairs.csv');
    expect(page.querySelector<HTMLSelectElement>('#column-0')?.value).toBe('title');
    expect(page.textContent).toContain('What would come in');
    expect(api.check).toHaveBeenCalledWith('file', { columns: { title: ['Words'], address: ['Street'] }, words: { status: { open: 'closed' } }, order: 'month_first' });
  });

  it('keeps what was said of the columns and not yet checked over a reload', async () => {
    await choose();
    const select = page.querySelector<HTMLSelectElement>('#column-0')!;
    select.value = 'title';
    select.dispatchEvent(new Event('change'));
    await settled();
    const url = TestBed.inject(Router).url;
    fixture.destroy();
    api.read.mockResolvedValue({ ...RUN, status: 'uploaded' });
    api.file.mockResolvedValue(FILE);

    await reopened();

    expect(url).toBe('/?run=file');
    expect(page.querySelector<HTMLSelectElement>('#column-0')?.value).toBe('title');
    expect(api.check).not.toHaveBeenCalled();
  });

  it('goes on with a run after a reload, and looks whether it has ended', async () => {
    vi.useFakeTimers();
    api.read.mockResolvedValueOnce({ ...RUN, status: 'running', done: 1 }).mockResolvedValue(RUN);
    const opened = TestBed.createComponent(ImportPage);
    opened.componentRef.setInput('run', 'file');
    opened.autoDetectChanges();
    await vi.advanceTimersByTimeAsync(0);
    opened.detectChanges();
    const before = (opened.nativeElement as HTMLElement).querySelector('progress')?.value;
    await vi.advanceTimersByTimeAsync(1_500);
    opened.detectChanges();
    vi.useRealTimers();

    expect(before).toBe(1);
    expect((opened.nativeElement as HTMLElement).textContent).toContain('The file is in');
  });

  it.each([
    ['before it is sent', 100 * 1024 * 1024, 0],
    ['when the server says so', 1, 1],
  ])('says of a file that is too large what to do with it, %s', async (_, size, sent) => {
    api.upload.mockRejectedValue(new ApiFailure('too-large', 'This is too large.', 413));

    await choose(size);

    expect(page.querySelector('[role=alert]')?.textContent).toContain('Split it into files of at most 20 MB');
    expect(api.upload).toHaveBeenCalledTimes(sent);
  });

  it('says which row names the columns when titles stand above it', async () => {
    api.upload.mockResolvedValue({ ...FILE, headerRow: 3 });

    await choose();

    expect(page.textContent).toContain('The names of the columns stand in row 3.');
  });

  it('says that everything is there already and offers nothing to bring in', async () => {
    api.check.mockResolvedValue({ ...PREVIEW, bad: 0, badRows: [], new: 0, alreadyThere: 3 });

    await choose();
    await press('Check the rows');

    expect(page.textContent).toContain('Everything in this file is already there.');
    expect(page.textContent).not.toContain('Bring in');
  });

  it('says why a file can\'t be read and takes another', async () => {
    api.upload.mockRejectedValue(new ApiFailure('file-unreadable', 'This is an Excel workbook.', 422));

    await choose();

    expect(page.querySelector('[role=alert]')?.textContent).toContain('This is an Excel workbook.');
    expect(page.querySelector('input[type=file]')).not.toBeNull();
  });
});

import { TestBed } from '@angular/core/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { copies } from './copies';
import { Toasts } from './toasts';

describe('Copying', () => {
  const copy = (writeText: () => Promise<void>) => {
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    TestBed.configureTestingModule({ providers: [provideCatalogue({})] });
    return TestBed.runInInjectionContext(copies)('T-10482', 'T-10482 copied');
  };
  const said = () => TestBed.inject(Toasts).all().map(({ text }) => text);

  afterEach(() => { vi.unstubAllGlobals(); });

  it('says what was copied', async () => {
    await copy(() => Promise.resolve());

    expect(said()).toEqual(['T-10482 copied']);
  });

  it('says so where the browser refuses', async () => {
    await copy(() => Promise.reject(new DOMException('no', 'NotAllowedError')));

    expect(said()).toEqual(["Your browser didn't let us copy. Select it and copy it yourself."]);
  });
});

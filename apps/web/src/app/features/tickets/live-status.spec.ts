import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Live, type LiveState } from '@mu/shared/live/live';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { Connection } from '@mu/shared/pwa/connection';
import words from './en.json';
import { LiveStatus } from './live-status';

describe('The live status', () => {
  const shown = (state: LiveState, { online = true, onlyTrouble = false } = {}): HTMLElement => {
    TestBed.configureTestingModule({
      providers: [
        provideCatalogue({ tickets: words }),
        { provide: Live, useValue: { state: signal(state) } },
        { provide: Connection, useValue: { online: signal(online) } },
      ],
    });
    const status = TestBed.createComponent(LiveStatus);
    status.componentRef.setInput('onlyTrouble', onlyTrouble);
    status.detectChanges();
    return status.nativeElement as HTMLElement;
  };

  it('leaves a phone its room while all is well', () => {
    const status = shown('live');

    expect(status.textContent).toBe('Live');
    expect(status.classList).toContain('max-sm:hidden');
  });

  it.each([
    ['reconnecting', { online: true }, 'Reconnecting…'],
    ['reconnecting', { online: false }, 'Offline'],
    ['resting', { online: true }, 'Paused'],
  ] as const)('says on a phone too when it is %s %o', (state, circumstances, words) => {
    const status = shown(state, circumstances);

    expect(status.textContent).toBe(words);
    expect(status.classList).not.toContain('max-sm:hidden');
  });

  it('says above an opened ticket only what is wrong', () => {
    expect(shown('live', { onlyTrouble: true }).textContent).toBe('');
    TestBed.resetTestingModule();
    expect(shown('reconnecting', { onlyTrouble: true }).textContent).toBe('Reconnecting…');
    TestBed.resetTestingModule();
    expect(shown('reconnecting', { online: false, onlyTrouble: true }).textContent).toBe('');
  });
});

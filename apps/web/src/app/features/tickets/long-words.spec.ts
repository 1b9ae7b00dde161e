import { TestBed } from '@angular/core/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { LongWords } from './long-words';

describe('A long report', () => {
  const show = (text: string): HTMLElement => {
    TestBed.configureTestingModule({ providers: [provideCatalogue({ tickets: words })] });
    const shown = TestBed.createComponent(LongWords);
    shown.componentRef.setInput('text', text);
    shown.autoDetectChanges();
    return shown.nativeElement as HTMLElement;
  };
  const button = (page: HTMLElement): HTMLButtonElement | null => page.querySelector('button');

  it('is folded after a whole word, and shown in full when asked', () => {
    const page = show('The boiler drips again. '.repeat(420));
    const folded = page.querySelector('p')?.textContent ?? '';
    const before = [button(page)?.textContent.trim(), button(page)?.getAttribute('aria-expanded')];

    button(page)?.click();
    TestBed.tick();

    expect(folded.length).toBeLessThan(710);
    expect(folded).toMatch(/(The|boiler|drips|again\.)…$/);
    expect(before).toEqual(['Show all 10,080 characters', 'false']);
    expect(page.querySelector('p')?.textContent).toHaveLength(10_080);
    expect([button(page)?.textContent.trim(), button(page)?.getAttribute('aria-expanded')]).toEqual(['Show less', 'true']);
  });

  it('is folded after twelve lines', () => {
    expect(show('Drip.\n'.repeat(40)).querySelector('p')?.textContent.split('\n')).toHaveLength(12);
  });

  it('stays whole when little would be hidden', () => {
    const page = show('No hot water since Saturday.\nThe display shows F22.');

    expect(button(page)).toBeNull();
    expect(page.querySelector('p')?.textContent).toContain('F22');
  });

  it('is read in the direction of its own script', () => {
    expect(show('الحنفية تقطر').querySelector('p')?.getAttribute('dir')).toBe('auto');
  });
});

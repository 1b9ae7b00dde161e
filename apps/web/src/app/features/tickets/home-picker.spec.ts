import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import words from './en.json';
import { HomePicker } from './home-picker';
import { TicketApi } from './ticket-api';

describe('The home picker', () => {
  const homes = vi.fn(() => Promise.resolve([]));
  let fixture: ComponentFixture<HomePicker>;
  let field: HTMLInputElement;
  const isOpen = (): boolean => field.getAttribute('aria-expanded') === 'true';
  /** As a browser does it: the press, then the focus, then the click. */
  const click = async (): Promise<void> => {
    field.dispatchEvent(new Event('pointerdown'));
    field.focus();
    field.click();
    await fixture.whenStable();
  };

  beforeEach(async () => {
    homes.mockClear();
    TestBed.configureTestingModule({ providers: [provideCatalogue({ tickets: words }), { provide: TicketApi, useValue: { homes } }] });
    fixture = TestBed.createComponent(HomePicker);
    fixture.componentRef.setInput('label', 'Home');
    document.body.append(fixture.nativeElement as Node);
    await fixture.whenStable();
    field = (fixture.nativeElement as HTMLElement).querySelector('input')!;
  });
  afterEach(() => {
    (fixture.nativeElement as HTMLElement).remove();
  });

  it('covers nothing while somebody only arrives', async () => {
    await click();

    expect(document.activeElement).toBe(field);
    expect([isOpen(), homes.mock.calls.length]).toEqual([false, 0]);
  });

  it('shows its list to a click into it once more', async () => {
    await click();
    await click();

    expect(isOpen()).toBe(true);
  });

  it.each([
    ['the down arrow', () => new KeyboardEvent('keydown', { key: 'ArrowDown' })],
    ['typing', () => new Event('input')],
  ])('shows its list on %s', async (_, event) => {
    field.focus();
    field.dispatchEvent(event());
    await fixture.whenStable();

    expect(isOpen()).toBe(true);
  });
});

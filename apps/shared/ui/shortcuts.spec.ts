import { TestBed } from '@angular/core/testing';
import { Shortcuts } from './shortcuts';

const press = (key: string, modifiers: KeyboardEventInit = {}, target: EventTarget = document.body): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers });
  target.dispatchEvent(event);
  return event;
};

describe('Shortcuts', () => {
  let pressed: string[];
  const recording = (keys: string) => ({ keys, group: 'g', words: 'w', run: () => void pressed.push(keys) });

  beforeEach(() => {
    pressed = [];
    document.body.innerHTML = '';
    TestBed.inject(Shortcuts).add([recording('c'), recording('mod+k'), recording('g t'), recording('?'), recording('Escape')]);
  });

  it('runs what belongs to a key and keeps the browser out of it', () => {
    expect(press('c').defaultPrevented).toBe(true);
    expect(press('x').defaultPrevented).toBe(false);

    expect(pressed).toEqual(['c']);
  });

  it('understands Ctrl and Cmd alike', () => {
    press('k', { ctrlKey: true });
    press('K', { metaKey: true });

    expect(pressed).toEqual(['mod+k', 'mod+k']);
  });

  it('leaves the browser its own combinations', () => {
    press('c', { ctrlKey: true });
    press('c', { altKey: true });

    expect(pressed).toEqual([]);
  });

  it('waits for the second key of a sequence', () => {
    press('g');
    press('t');
    press('t');

    expect(pressed).toEqual(['g t']);
  });

  it('stays quiet while somebody types, except with Ctrl', () => {
    const field = document.body.appendChild(document.createElement('input'));

    press('c', {}, field);
    press('k', { ctrlKey: true }, field);

    expect(pressed).toEqual(['mod+k']);
  });

  it('stays quiet under an open dialog', () => {
    const dialog = document.body.appendChild(document.createElement('dialog'));
    dialog.setAttribute('open', '');

    press('c');

    expect(pressed).toEqual([]);
  });

  it('prefers the newest meaning of a key, until it is taken back', () => {
    const remove = TestBed.inject(Shortcuts).add([{ ...recording('c'), run: () => void pressed.push('newer') }]);

    press('c');
    remove();
    press('c');

    expect(pressed).toEqual(['newer', 'c']);
  });
});

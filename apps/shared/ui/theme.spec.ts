import { TestBed } from '@angular/core/testing';
import { Theme } from './theme';

describe('Theme', () => {
  const root = document.documentElement;

  afterEach(() => {
    delete root.dataset['theme'];
    localStorage.clear();
  });

  it('follows the device until somebody chooses', () => {
    expect(TestBed.inject(Theme).chosen()).toBe('system');
  });

  it('remembers a choice', () => {
    TestBed.inject(Theme).choose('dark');

    expect(root.dataset['theme']).toBe('dark');
    expect(localStorage.getItem('mu-theme')).toBe('dark');
  });

  it('forgets it again', () => {
    TestBed.inject(Theme).choose('dark');
    TestBed.inject(Theme).choose('system');

    expect(root.dataset['theme']).toBeUndefined();
    expect(localStorage.getItem('mu-theme')).toBeNull();
  });

  it('starts with what index.html set before the first paint', () => {
    root.dataset['theme'] = 'light';

    expect(TestBed.inject(Theme).chosen()).toBe('light');
  });
});

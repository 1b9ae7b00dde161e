import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { GivesBack } from './gives-back';

@Component({ imports: [GivesBack], template: '<a href="#row" id="row">{{ row }}</a><input muGivesBack />' })
class Page {
  readonly row = 'T-10482';
}

describe('A field that a key leads into', () => {
  const entered = (): { row: HTMLElement; field: HTMLInputElement } => {
    const page = TestBed.createComponent(Page).nativeElement as HTMLElement;
    document.body.append(page);
    const [row, field] = [page.querySelector('a'), page.querySelector('input')];
    if (!row || !field) throw new Error('The page is not there');
    row.focus();
    field.focus();
    return { row, field };
  };
  const escape = (field: HTMLElement): void => void field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));

  it('gives the focus back to where it came from', () => {
    const { row, field } = entered();

    escape(field);

    expect(document.activeElement).toBe(row);
  });

  it('lets go when that is no longer there', () => {
    const { row, field } = entered();
    row.remove();

    escape(field);

    expect(document.activeElement).toBe(document.body);
  });
});

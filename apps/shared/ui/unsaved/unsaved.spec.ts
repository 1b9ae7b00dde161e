import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { unsavedStays } from './unsaved';

const typed = signal(false);

@Component({ template: '' })
class Page {
  isUnsaved(): boolean { return typed(); }
}

describe('A page with what is not saved', () => {
  const press = (words: string): void => {
    [...document.querySelectorAll('dialog button')].find(({ textContent }) => textContent.includes(words))!.dispatchEvent(new Event('click'));
  };
  const leave = async (): Promise<Promise<boolean>[]> => {
    const left = TestBed.inject(Router).navigateByUrl('/elsewhere');
    await vi.waitFor(() => { expect(document.querySelector('dialog[open]')).not.toBeNull(); });
    return [left];
  };

  beforeEach(async () => {
    typed.set(true);
    HTMLDialogElement.prototype.showModal = function () { this.open = true; };
    HTMLDialogElement.prototype.close = function () { this.open = false; this.dispatchEvent(new Event('close')); };
    TestBed.configureTestingModule({ providers: [
      provideCatalogue({}),
      provideRouter([{ path: 'form', component: Page, canDeactivate: [unsavedStays] }, { path: 'elsewhere', component: Page }]),
    ] });
    await RouterTestingHarness.create('/form');
  });

  it('is left at once where nothing was typed', async () => {
    typed.set(false);

    expect(await TestBed.inject(Router).navigateByUrl('/elsewhere')).toBe(true);
  });

  it('stays when somebody thinks better of it', async () => {
    const [left] = await leave();
    press('Cancel');

    expect(await left).toBe(false);
    expect(document.querySelector('dialog')).toBeNull();
  });

  it('is left when somebody throws it away', async () => {
    const [left] = await leave();
    document.querySelector('dialog form')!.dispatchEvent(new Event('submit', { cancelable: true }));

    expect(await left).toBe(true);
  });
});

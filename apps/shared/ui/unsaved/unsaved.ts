import { ApplicationRef, DOCUMENT, EnvironmentInjector, createComponent, inject } from '@angular/core';
import type { CanDeactivateFn } from '@angular/router';
import { RecordDialog } from '../record-dialog';
import type { RecordForm } from '../record-form';

const LEAVE: RecordForm = { title: 'unsaved.leave', text: 'unsaved.leaveText', submit: 'unsaved.throwAway', fields: [], values: {}, save: () => Promise.resolve() };

/** A page on which something may have been changed and not saved. */
export interface Unsaved {
  isUnsaved(): boolean;
}

/** Asks before somebody leaves a page with what they have not saved. Reloads are the page's own to catch. */
export const unsavedStays: CanDeactivateFn<Unsaved> = (page) => !page.isUnsaved() || confirmed(LEAVE);

/** Puts a question over whatever is shown; true once it was carried out. Call it in an injection context. */
function confirmed(question: RecordForm): Promise<boolean> {
  const app = inject(ApplicationRef);
  const dialog = createComponent(RecordDialog, { environmentInjector: inject(EnvironmentInjector) });
  dialog.setInput('form', question);
  inject(DOCUMENT).body.append(dialog.location.nativeElement as HTMLElement);
  app.attachView(dialog.hostView);
  return new Promise((resolve) => {
    let isCarriedOut = false;
    dialog.instance.saved.subscribe(() => { isCarriedOut = true; });
    dialog.instance.closed.subscribe(() => {
      resolve(isCarriedOut);
      dialog.destroy();
    });
  });
}

import { HttpErrorResponse } from '@angular/common/http';
import { inputBinding, outputBinding } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { ErrorState } from './error-state';

describe('ErrorState', () => {
  let retried: number;
  const shown = (failure: unknown): HTMLElement => {
    retried = 0;
    TestBed.configureTestingModule({ providers: [provideCatalogue({})] });
    const fixture = TestBed.createComponent(ErrorState, {
      bindings: [
        inputBinding('heading', () => 'Tickets could not be loaded'),
        inputBinding('failure', () => failure),
        outputBinding('retry', () => retried++),
      ],
    });
    fixture.detectChanges();
    return fixture.nativeElement as HTMLElement;
  };

  it('says what happened, what to do, and the trace for support', () => {
    const page = shown(new ApiFailure('not-permitted', 'From the server.', 403, 'abc123'));

    expect(page.textContent).toContain('Tickets could not be loaded');
    expect(page.textContent).toContain("Your role doesn't allow this. Ask an organisation admin.");
    expect(page.textContent).toContain('For support: abc123');
  });

  it('takes the words of the server for a code it does not know', () => {
    expect(shown(new ApiFailure('illegal-transition', 'A closed ticket stays closed.', 409)).textContent).toContain('A closed ticket stays closed.');
  });

  it('knows an answer that never came', () => {
    expect(shown(new HttpErrorResponse({ status: 0 })).textContent).toContain("MaintainUK can't be reached.");
  });

  it('offers another try', () => {
    shown(new ApiFailure('busy', '', 503)).querySelector('button')!.click();

    expect(retried).toBe(1);
  });
});

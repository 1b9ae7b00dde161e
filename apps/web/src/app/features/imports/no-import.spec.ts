import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { routes } from './routes';

describe('The import page of somebody who may not import', () => {
  it('says so, says who may, and leads back', async () => {
    const session = { start: () => Promise.resolve(), can: () => false, user: signal({ id: 'f', name: 'Grace Mensah', role: 'Finance' }) };
    TestBed.configureTestingModule({
      providers: [provideCatalogue({}), provideRouter([{ path: 'tickets/import', children: routes }], withComponentInputBinding()), { provide: Session, useValue: session }],
    });

    const page = (await RouterTestingHarness.create('/tickets/import')).routeNativeElement!;

    expect(TestBed.inject(Router).url).toBe('/tickets/import');
    expect(page.textContent).toContain('Your role, Finance, can look at tickets but bring none in.');
    expect(page.textContent).toContain('coordinator');
    expect(page.querySelector('a[href="/tickets"]')).not.toBeNull();
  });
});

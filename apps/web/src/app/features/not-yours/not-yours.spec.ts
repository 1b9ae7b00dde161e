import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, withComponentInputBinding, type Routes } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { routes as portfolio } from '../portfolio-import/routes';
import { routes as users } from '../users/routes';

async function opened(path: string, children: Routes): Promise<string> {
  const session = { start: () => Promise.resolve(), can: () => false, user: signal({ id: 'f', name: 'Grace Mensah', role: 'Finance' }) };
  TestBed.configureTestingModule({
    providers: [provideCatalogue({}), provideRouter([{ path, children }], withComponentInputBinding()), { provide: Session, useValue: session }],
  });
  const harness = await RouterTestingHarness.create(`/${path}`);
  return harness.routeNativeElement!.textContent;
}

describe('A page that somebody’s role does not open', () => {
  it('says so where homes and people are brought in', async () => {
    expect(await opened('properties/import', portfolio)).toContain('Your role, Finance, can bring no homes or people in.');
  });

  it('says so where users are managed', async () => {
    expect(await opened('users', users)).toContain('Ask an organisation admin.');
  });
});

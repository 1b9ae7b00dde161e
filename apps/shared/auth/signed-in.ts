import { inject } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { Session } from './session';

/** Lets signed-in people through and sends everybody else to sign in, keeping the page that they wanted. */
export const signedIn: CanActivateFn = async (_route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.start();
  if (session.active()) return true;
  return router.createUrlTree(['/sign-in'], { queryParams: state.url === '/' ? {} : { to: state.url } });
};

/** The sign-in page is for people who are not signed in. */
export const signedOut: CanActivateFn = async (route) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.start();
  return session.active() ? router.parseUrl(wantedPage(route.queryParamMap.get('to'))) : true;
};

/** A page of this application, whatever was put into the address. */
export function wantedPage(to: string | null): string {
  return to !== null && /^\/(?![/\\])/.test(to) ? to : '/';
}

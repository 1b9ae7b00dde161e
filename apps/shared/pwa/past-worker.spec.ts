import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { pastWorker } from './past-worker';

it.each([
  ['/api/v1/tickets', true],
  ['/auth/refresh', true],
  ['/app/icon.svg', false],
])('%s goes past the service worker: %s', (url, past) => {
  TestBed.configureTestingModule({ providers: [provideHttpClient(withInterceptors([pastWorker])), provideHttpClientTesting()] });

  TestBed.inject(HttpClient).get(url).subscribe();

  expect(TestBed.inject(HttpTestingController).expectOne(url).request.headers.has('ngsw-bypass')).toBe(past);
});

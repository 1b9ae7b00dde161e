import { HttpClient, HttpContext, HttpEventType, HttpXhrBackend, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { EMPTY, Subject, firstValueFrom } from 'rxjs';
import { UPLOAD_PROGRESS, watched } from './upload-progress';

describe('What is sent while somebody watches', () => {
  const events = new Subject<object>();
  const handle = vi.fn((request: { reportUploadProgress: boolean }) => (request.reportUploadProgress ? events : EMPTY));

  beforeEach(() => {
    handle.mockClear();
    TestBed.configureTestingModule({
      providers: [provideHttpClient(withInterceptors([watched])), provideHttpClientTesting(), { provide: HttpXhrBackend, useValue: { handle } }],
    });
  });

  it('tells how far it is', () => {
    const told: number[] = [];
    const context = new HttpContext().set(UPLOAD_PROGRESS, (part) => told.push(part));

    TestBed.inject(HttpClient).post('/api/v1/photos', 'photo', { context }).subscribe();
    for (const loaded of [1, 3, 4]) events.next({ type: HttpEventType.UploadProgress, loaded, total: 4 });

    expect(handle.mock.calls[0]?.[0].reportUploadProgress).toBe(true);
    expect(told).toEqual([0.25, 0.75, 1]);
  });

  it('leaves what nobody watches as it was', async () => {
    const answer = firstValueFrom(TestBed.inject(HttpClient).post('/api/v1/notes', 'note'));
    TestBed.inject(HttpTestingController).expectOne('/api/v1/notes').flush({ done: true });

    expect(await answer).toEqual({ done: true });
    expect(handle).not.toHaveBeenCalled();
  });
});

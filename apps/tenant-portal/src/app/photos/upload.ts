import { ApiFailure } from '@mu/shared/api/failure';
import type { Envelope } from '@mu/shared/api/envelope';
import { PAST_WORKER } from '@mu/shared/pwa/past-worker';
import { credential, failureOf } from '../api/tenant-api';

export interface Upload {
  readonly id: string;
  readonly token: string;
  readonly blob: Blob;
  readonly takenAt: string | null;
}

/** A line over which nothing has gone for so long, in milliseconds, is dead, whatever the phone says. */
const SILENT_FOR = 30_000;
/** For so long, in milliseconds, an answer is awaited once the last byte has gone. */
const ANSWERED_WITHIN = 60_000;

/** Sends one photo, telling how far it is (0 to 1). XMLHttpRequest, because `fetch` says nothing of its progress. */
export function upload(photo: Upload, progress: (part: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let end: ReturnType<typeof setTimeout> | undefined;
    const within = (wait: number): void => {
      clearTimeout(end);
      end = setTimeout(() => {
        request.abort();
      }, wait);
    };
    request.open('POST', '/api/v1/reports/photos');
    const headers = {
      ...PAST_WORKER,
      ...credential(photo.token),
      'Content-Type': photo.blob.type || 'application/octet-stream',
      'X-Upload-Key': photo.id,
      ...(photo.takenAt ? { 'X-Captured-At': photo.takenAt } : {}),
    };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => {
      within(SILENT_FOR);
      progress(total ? loaded / total : 0);
    };
    request.upload.onload = () => {
      within(ANSWERED_WITHIN);
    };
    request.onloadend = () => {
      clearTimeout(end);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(failureOf(request.status, { get: (name) => request.getResponseHeader(name) }, read(request.responseText)));
    };
    request.onerror = request.onabort = () => {
      reject(new ApiFailure('unreachable', '', 0));
    };
    within(SILENT_FOR);
    request.send(photo.blob);
  });
}

function read(body: string): Envelope<unknown> {
  try {
    return JSON.parse(body) as Envelope<unknown>;
  } catch {
    return {};
  }
}

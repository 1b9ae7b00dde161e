import type { ApiFailure } from '@mu/shared/api/failure';

/** Whether a failure is one of the moment: no network, a busy or a broken server. Then it is tried again. */
export function comesRight({ status, code }: ApiFailure): boolean {
  return code === 'cut-off' || status === 0 || status === 408 || status === 429 || status >= 500;
}

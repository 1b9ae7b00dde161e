import { ApiFailure } from '@mu/shared/api/failure';

/** Reads any thrown value as a failure. The shared one knows Angular's HTTP client as well, which is not loaded here. */
export function toFailure(thrown: unknown): ApiFailure {
  return thrown instanceof ApiFailure ? thrown : new ApiFailure('unexpected', String(thrown), -1);
}

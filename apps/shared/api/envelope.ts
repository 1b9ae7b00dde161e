import { ApiFailure } from './failure';

/** The shape of every JSON answer. */
export interface Envelope<Data> {
  data?: Data | null;
  error?: EnvelopeError | null;
  traceId?: string | null;
}

export interface EnvelopeError {
  code: string;
  message: string;
  fields?: Record<string, string[]> | null;
}

/** The data of an answer, or the failure that it carries. */
export function unwrap<Data>(envelope: Envelope<Data>): Data {
  if (envelope.error) {
    const { code, message, fields } = envelope.error;
    throw new ApiFailure(code, message, 200, envelope.traceId, fields ?? {}, { ...envelope.error });
  }
  return envelope.data as Data;
}

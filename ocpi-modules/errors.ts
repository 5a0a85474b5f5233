import { DomainError, type DomainErrorCode } from '../src/domain/errors.js';
import { refused, statusCode, type OcpiReply } from './envelope.js';

/**
 * How each way to say no is told to a partner. HTTP errors are for authentication, missing resources and methods that
 * a state forbids; all else travels in the envelope of an HTTP 200 (OCPI 2.2.1 §5, SUBTLE 6, 13).
 */
const replies = {
  'unknown-charge-point': { http: 200, code: statusCode.unknownLocation },
  'unknown-location': { http: 200, code: statusCode.unknownLocation },
  'unknown-evse': { http: 200, code: statusCode.unknownLocation },
  'unknown-session': { http: 404, code: statusCode.clientError },
  'unknown-token': { http: 404, code: statusCode.unknownToken },
  'unknown-partner': { http: 401, code: statusCode.clientError },
  'unknown-object': { http: 404, code: statusCode.clientError },
  'invalid-input': { http: 200, code: statusCode.invalidParameters },
  'not-registered': { http: 405, code: statusCode.clientError },
  'already-registered': { http: 405, code: statusCode.clientError },
  'charge-point-offline': { http: 200, code: statusCode.serverError },
  'not-supported': { http: 200, code: statusCode.unsupportedVersion },
  'partner-unreachable': { http: 200, code: statusCode.clientApiUnusable },
  'partner-refused': { http: 200, code: statusCode.clientApiUnusable },
} as const satisfies Record<DomainErrorCode, { http: number; code: number }>;

/** `details` key of an `invalid-input` that says which endpoint a partner's version details lack (SUBTLE 5). */
export const MISSING_ENDPOINT = 'missingEndpoint';

/** The reply to a failure; undefined for one that isn't the domain's, which must be logged and hidden. */
export function replyOf(error: unknown): OcpiReply | undefined {
  if (!(error instanceof DomainError)) return undefined;
  if (error.details[MISSING_ENDPOINT] !== undefined) return refused(200, statusCode.endpointsMissing, error.message);
  const { http, code } = replies[error.code];
  return refused(http, code, error.message);
}

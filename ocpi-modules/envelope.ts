import { z } from 'zod';
import type { Instant } from '../src/domain/instant.js';
import { dateTime, optional } from '../src/domain/schema.js';

/** OCPI 2.2.1 §5 status codes. */
export const statusCode = {
  success: 1000,
  clientError: 2000,
  invalidParameters: 2001,
  notEnoughInformation: 2002,
  unknownLocation: 2003,
  unknownToken: 2004,
  serverError: 3000,
  clientApiUnusable: 3001,
  unsupportedVersion: 3002,
  endpointsMissing: 3003,
  hubError: 4000,
  unknownReceiver: 4001,
  hubTimeout: 4002,
  receiverNotConnected: 4003,
} as const;

/** OCPI 2.2.1 §4.1.7 Response format. `data` is absent where a message has none. */
export const envelope = z.object({
  data: z.unknown().optional(),
  status_code: z.number().int(),
  status_message: optional(z.string()),
  timestamp: dateTime,
});
/** Partners forget the timestamp, and nothing hangs on it. */
export const receivedEnvelope = envelope.omit({ timestamp: true });
export type ReceivedEnvelope = z.infer<typeof receivedEnvelope>;

/** What a route answers: HTTP status 200 and OCPI status 1000 unless it says otherwise. */
export interface OcpiReply {
  readonly http?: number | undefined;
  readonly code?: number | undefined;
  readonly message?: string | undefined;
  /** Left out of the envelope when undefined (SUBTLE 14). */
  readonly data?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export const refused = (http: number, code: number, message: string): OcpiReply => ({ http, code, message });

/** GET of a resource that isn't there (SUBTLE 13). */
export const notFound = (message: string, code: number = statusCode.clientError): OcpiReply =>
  refused(404, code, message);

/** The JSON body of a reply. */
export const envelopeOf = (reply: OcpiReply, now: Instant): object => ({
  ...(reply.data !== undefined && { data: reply.data }),
  status_code: reply.code ?? statusCode.success,
  status_message: reply.message ?? 'Success',
  timestamp: now,
});

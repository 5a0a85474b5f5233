import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { sameParty, type Party } from '../src/domain/schema.js';

/** OCPI 2.2.1 §4.1.3: unique per request, and per chain of requests. */
export interface MessageIds {
  readonly requestId: string;
  readonly correlationId: string;
}

/** Longer ids than this are replaced rather than echoed. */
const LONGEST_ID = 255;

/** The ids of a request that came in; made up where it has none, so that it can still be traced. */
export function messageIdsOf(headers: IncomingHttpHeaders): MessageIds {
  return { requestId: idIn(headers, 'x-request-id'), correlationId: idIn(headers, 'x-correlation-id') };
}

function idIn(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST_ID ? value : randomUUID();
}

export const newMessageIds = (): MessageIds => ({ requestId: randomUUID(), correlationId: randomUUID() });

export const messageIdHeaders = ({ requestId, correlationId }: MessageIds): Record<string, string> => ({
  'X-Request-ID': requestId,
  'X-Correlation-ID': correlationId,
});

/** Who a message is from and for (OCPI 2.2.1 §4.2.5). */
export interface Routing {
  readonly from: Party | undefined;
  readonly to: Party | undefined;
}

export const routingOf = (headers: IncomingHttpHeaders): Routing => ({
  from: partyIn(headers, 'from'),
  to: partyIn(headers, 'to'),
});

function partyIn(headers: IncomingHttpHeaders, side: 'from' | 'to'): Party | undefined {
  const countryCode = headers[`ocpi-${side}-country-code`];
  const partyId = headers[`ocpi-${side}-party-id`];
  return typeof countryCode === 'string' && typeof partyId === 'string' ? { countryCode, partyId } : undefined;
}

export const routingHeaders = ({ from, to }: Routing): Record<string, string> => ({
  ...(from && { 'OCPI-from-country-code': from.countryCode, 'OCPI-from-party-id': from.partyId }),
  ...(to && { 'OCPI-to-country-code': to.countryCode, 'OCPI-to-party-id': to.partyId }),
});

/** Is the message for `own`? One without a receiver is (open routing, SUBTLE 26). */
export const isFor = (routing: Routing, own: Party): boolean => routing.to === undefined || sameParty(routing.to, own);

/** The answering party is `from` (SUBTLE 24). */
export const swapped = (routing: Routing, own: Party, caller: Party | undefined): Routing => ({
  from: own,
  to: routing.from ?? caller,
});

import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Admission } from '../src/app/charge-point-events.js';
import type { UpgradeRefusal } from './counters.js';

/** A charge point's identity at most; OCPP 2.0.1 allows 48 characters, chargers in the field go beyond. */
const MAX_ID_LENGTH = 255;

/**
 * The charge point's id in `<prefix>/<id>`, percent-decoded (OCPP-J 1.6 §3.1.1); a trailing slash and doubled ones are
 * tolerated, as some charge points add `/<id>` to whatever URL they are given. undefined: not such a path.
 */
export function chargePointIdOf(url: string, pathPrefix: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  if (!path.startsWith(`${pathPrefix}/`)) return undefined;
  const encoded = /^\/+([^/]+)\/*$/.exec(path.slice(pathPrefix.length))?.[1];
  if (encoded === undefined) return undefined;
  try {
    const id = decodeURIComponent(encoded);
    // control characters would spoil logs
    return id.length <= MAX_ID_LENGTH && !/[\u0000-\u001f\u007f]/.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a charge point says by HTTP Basic auth (OCPP-J 1.6 §6.2.1: the username is its id). Credentials of another id, or
 * ones that can't be read, are none. A password of raw bytes that are no UTF-8 text, as an AuthorizationKey may be, is
 * given as lower-case hexadecimal, the way in which that key is configured.
 */
export function credentialsOf(authorization: string | undefined, chargePointId: string): Admission['credentials'] {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization?.trim() ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  const start = Buffer.from(`${chargePointId}:`, 'utf8');
  // compared as a whole, since an id may itself contain a colon
  if (!bytes.subarray(0, start.length).equals(start)) return undefined;
  return { username: chargePointId, password: passwordText(bytes.subarray(start.length)) };
}

function passwordText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('hex');
  }
}

/** The subprotocols offered; empty: the header is absent. */
export const offersOf = (request: IncomingMessage): readonly string[] =>
  (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((offer) => offer.trim())
    .filter((offer) => offer !== '');

interface Refusal {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Without a subprotocol in common the handshake is completed all the same. */
type HttpRefusal = Exclude<UpgradeRefusal, 'protocol'>;

/** How each refusal looks to the charge point. */
const refusals = {
  path: { status: 404, body: 'Charge points connect to <prefix>/<chargePointId>.' },
  unknown: { status: 404, body: 'This charge point is not known here.' },
  unauthorized: {
    status: 401,
    body: 'Wrong or missing password.',
    headers: { 'WWW-Authenticate': 'Basic realm="OCPP"' },
  },
  insecure: { status: 403, body: 'This charge point has to use a higher security profile.' },
  limited: { status: 429, body: 'Too many wrong passwords.', headers: { 'Retry-After': '60' } },
  full: { status: 503, body: 'Too many charge points are connected.', headers: { 'Retry-After': '60' } },
  rate: { status: 503, body: 'Too many charge points connect at once.', headers: { 'Retry-After': '5' } },
  stopping: { status: 503, body: 'The server is stopping.', headers: { 'Retry-After': '10' } },
  timeout: { status: 503, body: 'The charge point could not be checked in time.', headers: { 'Retry-After': '10' } },
  failed: { status: 500, body: 'The charge point could not be checked.' },
} as const satisfies Record<HttpRefusal, Refusal>;

/** Answers an upgrade with a refusal instead, and ends the socket. `retryAfterS` takes the place of the usual one. */
export function refuseUpgrade(socket: Duplex, why: HttpRefusal, retryAfterS?: number): void {
  const { status, body, headers }: Refusal = refusals[why];
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries({ ...headers, ...(retryAfterS !== undefined && { 'Retry-After': retryAfterS }) }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

import { randomUUID } from 'node:crypto';
import axios from 'axios';

/** JSON objects as they are on the wire: the simulation knows no types of the bridge. */
export type Json = Readonly<Record<string, unknown>>;

/** An answer of the CPO: HTTP status, headers in lower case, and the envelope. */
export interface CpoAnswer {
  readonly http: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Json;
}

export type TokenEncoding = 'base64' | 'raw';

interface Endpoint {
  readonly identifier: string;
  readonly role: string;
  readonly url: string;
}

/** The CPO as the eMSP knows it after a registration. */
export interface Peer {
  /** What we send it. */
  readonly token: string;
  readonly versionsUrl: string;
  readonly endpoints: readonly Endpoint[];
  readonly roles: readonly Json[];
}

/** The ms after which a call has failed; nothing in a demo or a test takes longer. */
const CALL_TIMEOUT_MS = 10_000;

export interface Caller {
  call(method: string, url: string, token: string, body?: Json): Promise<CpoAnswer>;
  /** Versions and details of `version`. @throws Error when there are none */
  discover(versionsUrl: string, token: string, version: string): Promise<readonly Endpoint[]>;
}

export function createCaller(encoding: TokenEncoding, own: { countryCode: string; partyId: string }): Caller {
  const authorization = (token: string): string =>
    `Token ${encoding === 'base64' ? Buffer.from(token).toString('base64') : token}`;

  async function call(method: string, url: string, token: string, body?: Json): Promise<CpoAnswer> {
    const answer = await axios.request<unknown>({
      method,
      url,
      ...(body && { data: body }),
      headers: {
        Authorization: authorization(token),
        'X-Request-ID': randomUUID(),
        'X-Correlation-ID': randomUUID(),
        'OCPI-from-country-code': own.countryCode,
        'OCPI-from-party-id': own.partyId,
      },
      timeout: CALL_TIMEOUT_MS,
      proxy: false,
      validateStatus: () => true,
    });
    return {
      http: answer.status,
      headers: Object.fromEntries(Object.entries(answer.headers)),
      body: answer.data as Json,
    };
  }

  return {
    call,
    async discover(versionsUrl, token, wanted) {
      const versions = await call('GET', versionsUrl, token);
      const offered = versions.body['data'] as readonly { version: string; url: string }[] | undefined;
      const chosen = offered?.find(({ version }) => version === wanted);
      if (!chosen) throw new Error(`no version ${wanted} at ${versionsUrl}: HTTP ${versions.http}`);
      const details = await call('GET', chosen.url, token);
      return (details.body['data'] as { endpoints: readonly Endpoint[] }).endpoints;
    },
  };
}

/** The URL of one of the CPO's modules. */
export function endpointOf(endpoints: readonly Endpoint[], identifier: string, role?: string): string {
  const found = endpoints.find((each) => each.identifier === identifier && (role === undefined || each.role === role));
  if (found) return found.url;
  throw new Error(`the CPO has no ${identifier} ${role ?? ''} endpoint`);
}

import axios, { isAxiosError, type AxiosResponse } from 'axios';
import type { TokenEncoding } from '../src/domain/partner.js';
import type { Logger } from '../src/ports.js';
import { authorizationOf } from './auth.js';
import { receivedEnvelope, type ReceivedEnvelope } from './envelope.js';
import { messageIdHeaders, newMessageIds, routingHeaders, type Routing } from './headers.js';
import { checkUrl, guardedAgents, type UrlPolicy } from './url-guard.js';

export interface OcpiClientOptions {
  /** ms for a whole request, from its start to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Bytes of the largest answer. */
  readonly maxBodyBytes: number;
  readonly urlPolicy: UrlPolicy;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly token: string;
  readonly tokenEncoding: TokenEncoding;
  /** Of functional modules only (SUBTLE 25). */
  readonly routing?: Routing | undefined;
  /** Is the request named by X-Request-ID and X-Correlation-ID? Absent: it is. */
  readonly messageIds?: boolean | undefined;
  readonly body?: object | undefined;
  /** Shorter than the client's own. */
  readonly timeoutMs?: number | undefined;
}

/**
 * What became of a call. `failed` without `sent`: it certainly never reached the partner. `envelope` is undefined when
 * the answer has no body that is an OCPI response.
 */
export type Exchange =
  | {
      readonly kind: 'answer';
      readonly http: number;
      readonly envelope: ReceivedEnvelope | undefined;
      readonly header: (name: string) => string | undefined;
      readonly url: string;
    }
  | { readonly kind: 'failed'; readonly sent: boolean; readonly reason: string };

export interface OcpiClient {
  /** Never throws: whatever happens is an exchange. Follows no redirects. */
  call(call: Call): Promise<Exchange>;
}

/** Failures that come before anything was sent, by node's and OpenSSL's error codes. */
const neverSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EPROTO|EPRIVATEADDRESS|ERR_INVALID_URL|(ERR_TLS|ERR_SSL|CERT|DEPTH|SELF_SIGNED|UNABLE_TO)_\w+)$/;

export function createOcpiClient(options: OcpiClientOptions, logger: Logger): OcpiClient {
  const http = axios.create({
    ...guardedAgents(options.urlPolicy),
    adapter: 'http',
    // a proxy would connect to addresses that no one checked, and so would a redirect
    proxy: false,
    maxRedirects: 0,
    maxContentLength: options.maxBodyBytes,
    responseType: 'text',
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
  });

  async function attempt(call: Call): Promise<Exchange> {
    try {
      const url = checkUrl(call.url, options.urlPolicy).href;
      const response: AxiosResponse<unknown> = await http.request({
        method: call.method,
        url,
        headers: headersOf(call),
        ...(call.body && { data: JSON.stringify(call.body) }),
        signal: AbortSignal.timeout(Math.min(call.timeoutMs ?? options.timeoutMs, options.timeoutMs)),
      });
      return {
        kind: 'answer',
        http: response.status,
        envelope: readEnvelope(response.data),
        header: (name) => headerIn(response, name),
        url,
      };
    } catch (error) {
      return failureOf(error);
    }
  }

  return {
    async call(call) {
      const exchange = await attempt(call);
      const outcome =
        exchange.kind === 'answer'
          ? { http: exchange.http, code: exchange.envelope?.status_code }
          : { reason: exchange.reason };
      logger.debug({ method: call.method, host: hostOf(call.url), ...outcome }, 'partner called');
      return exchange;
    },
  };
}

const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).host : undefined);

const headersOf = (call: Call): Record<string, string> => ({
  Authorization: authorizationOf(call.token, call.tokenEncoding),
  Accept: 'application/json',
  ...(call.body && { 'Content-Type': 'application/json' }),
  ...(call.messageIds !== false && messageIdHeaders(newMessageIds())),
  ...(call.routing && routingHeaders(call.routing)),
});

function readEnvelope(body: unknown): ReceivedEnvelope | undefined {
  if (typeof body !== 'string') return undefined;
  try {
    return receivedEnvelope.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function headerIn(response: AxiosResponse<unknown>, name: string): string | undefined {
  const value: unknown = response.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
}

function failureOf(error: unknown): Exchange {
  if (!isAxiosError(error)) {
    // our own check of the URL
    return { kind: 'failed', sent: false, reason: error instanceof Error ? error.message : String(error) };
  }
  const code = error.code ?? '';
  if (code === 'ERR_CANCELED') return { kind: 'failed', sent: true, reason: 'no answer in time' };
  const reason = code === '' ? error.message : `${code}: ${error.message}`;
  return { kind: 'failed', sent: !neverSent.test(code), reason };
}

/** A URL below a partner's endpoint. Segments are escaped, as ids may hold anything that prints. */
export function urlBelow(endpoint: string, segments: readonly string[], query: Record<string, string> = {}): string {
  const url = new URL(endpoint);
  url.pathname = [url.pathname.replace(/\/+$/, ''), ...segments.map(encodeURIComponent)].join('/');
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

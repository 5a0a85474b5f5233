import { msBetween, parseInstant, type Instant } from '../src/domain/instant.js';
import type { PushResult } from '../src/ports.js';
import type { Exchange } from './client.js';
import { statusCode, type ReceivedEnvelope } from './envelope.js';

type Answer = Extract<Exchange, { kind: 'answer' }>;

/** What a push of an object that may be sent again came to: a PUT twice is one. */
export function pushResultOf(exchange: Exchange, now: Instant): PushResult {
  if (exchange.kind === 'failed') return failed(exchange);
  return busy(exchange, now) ?? delivered(exchange) ?? refusal(exchange) ?? serverFault(exchange);
}

/**
 * What a POST of a CDR came to. It must not arrive twice, so every answer that leaves doubt is unclear; that the
 * partner has it already is as good as delivered.
 */
export function cdrResultOf(exchange: Exchange, now: Instant): PushResult {
  if (exchange.kind === 'failed') return failed(exchange);
  const arrived = delivered(exchange);
  if (arrived) return withUrl(arrived, exchange);
  if (saysItExists(exchange)) return { result: 'delivered' };
  return (
    busy(exchange, now) ??
    notForwarded(exchange) ??
    refusal(exchange) ?? { result: 'unclear', reason: reasonOf(exchange) }
  );
}

const failed = ({ sent, reason }: Extract<Exchange, { kind: 'failed' }>): PushResult =>
  sent ? { result: 'unclear', reason } : { result: 'unavailable', reason };

const isSuccess = (http: number): boolean => http >= 200 && http < 300;
const inRange = (envelope: ReceivedEnvelope | undefined, from: number): boolean =>
  envelope !== undefined && envelope.status_code >= from && envelope.status_code < from + 1000;

function delivered({ http, envelope }: Answer): PushResult | undefined {
  return isSuccess(http) && inRange(envelope, 1000) ? { result: 'delivered' } : undefined;
}

/**
 * HTTP 408, 429 and 503: not taken, and welcome later. 401 as well: it speaks of the token, not of the object, and is
 * over when the partner has finished changing it.
 */
function busy(answer: Answer, now: Instant): PushResult | undefined {
  if (![401, 408, 429, 503].includes(answer.http)) return undefined;
  return { result: 'unavailable', reason: reasonOf(answer), retryAfterMs: retryAfterMs(answer, now) };
}

/** HTTP 4xx, or OCPI 2xxx: the partner will not take it as it is. */
function refusal(answer: Answer): PushResult | undefined {
  const { http, envelope } = answer;
  if (!(http >= 400 && http < 500) && !(isSuccess(http) && inRange(envelope, 2000))) return undefined;
  return { result: 'refused', reason: reasonOf(answer), missing: isMissing(answer) };
}

/** 2.2.1 has codes for a missing location and token only; for the rest partners use words. */
const isMissing = ({ http, envelope }: Answer): boolean =>
  http === 404 ||
  envelope?.status_code === statusCode.unknownLocation ||
  envelope?.status_code === statusCode.unknownToken ||
  /\b(unknown (location|evse|session|tariff|object)|not found|does(n't| not) exist)\b/i.test(
    envelope?.status_message ?? '',
  );

/** No OCPI answer where there should be one leaves open what happened; the rest says that it failed for now. */
function serverFault(answer: Answer): PushResult {
  const reason = reasonOf(answer);
  return isSuccess(answer.http) && !answer.envelope ? { result: 'unclear', reason } : { result: 'unavailable', reason };
}

/** A hub that says that it didn't pass the CDR on; a redirect, which no one followed. */
function notForwarded(answer: Answer): PushResult | undefined {
  const { http, envelope } = answer;
  const held =
    envelope?.status_code === statusCode.unknownReceiver || envelope?.status_code === statusCode.receiverNotConnected;
  if (!(isSuccess(http) && held) && !(http >= 300 && http < 400)) return undefined;
  return { result: 'unavailable', reason: reasonOf(answer) };
}

function saysItExists({ http, envelope }: Answer): boolean {
  if (http === 409) return true;
  return inRange(envelope, 2000) && /\b(already|duplicate)/i.test(envelope?.status_message ?? '');
}

function withUrl(result: PushResult, answer: Answer): PushResult {
  const location = answer.header('location');
  if (location === undefined || !URL.canParse(location, answer.url)) return result;
  return { result: 'delivered', url: new URL(location, answer.url).href };
}

/** Longer than this no partner is believed. */
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** Retry-After in seconds or as an HTTP date (RFC 9110 §10.2.3). */
function retryAfterMs(answer: Answer, now: Instant): number | undefined {
  const text = answer.header('retry-after')?.trim();
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : untilMs(text, now);
  return ms === undefined ? undefined : Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS);
}

function untilMs(httpDate: string, now: Instant): number | undefined {
  const epochMs = Date.parse(httpDate);
  const at = Number.isNaN(epochMs) ? undefined : parseInstant(new Date(epochMs).toISOString());
  return at && msBetween(now, at);
}

/** One line for the operator: what the partner said. */
export function reasonOf({ http, envelope }: Answer): string {
  if (!envelope) return `HTTP ${http} without an OCPI response`;
  const message = envelope.status_message === undefined ? '' : `: ${envelope.status_message.slice(0, 200)}`;
  return `HTTP ${http}, status ${envelope.status_code}${message}`;
}

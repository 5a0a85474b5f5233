import { z } from 'zod';
import { DomainError } from '../../src/domain/errors.js';
import type { PartnerEndpoint, TokenEncoding } from '../../src/domain/partner.js';
import { url } from '../../src/domain/schema.js';
import type { Discovery } from '../../src/ports.js';
import type { Exchange, OcpiClient } from '../client.js';
import { MISSING_ENDPOINT } from '../errors.js';
import { parseWire } from '../parse.js';
import { reasonOf } from '../push-result.js';
import { checkUrl, type UrlPolicy } from '../url-guard.js';
import { versionTable, type OcpiVersion } from '../version-table.js';

/** One entry of a versions list; versions that we have never heard of are no fault (OCPI 2.2.1 §6.1.2). */
export const versionEntry = z.object({ version: z.string().min(1).max(10), url });

type Answer = Extract<Exchange, { kind: 'answer' }>;

/** The data of an answer that says yes. @throws DomainError `partner-unreachable`, `partner-refused` */
export function dataOf(exchange: Exchange, what: string): unknown {
  if (exchange.kind === 'failed') throw new DomainError('partner-unreachable', `${what}: ${exchange.reason}`);
  const { http, envelope } = exchange;
  const reason = `${what}: ${reasonOf(exchange)}`;
  const code = envelope?.status_code;
  if ((http >= 400 && http < 500) || (http < 300 && code !== undefined && code >= 2000 && code < 3000)) {
    throw new DomainError('partner-refused', reason);
  }
  if (http < 200 || http >= 300 || code === undefined || code < 1000 || code >= 2000) {
    throw new DomainError('partner-unreachable', reason);
  }
  return envelope?.data;
}

/** An answer that says yes and then makes no sense is no usable answer. */
export function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'invalid-input') {
      throw new DomainError('partner-unreachable', error.message);
    }
    throw error;
  }
}

/** Finds out what a partner speaks, and where (OCPI 2.2.1 §6). See {@link Handshake.discover} for what it throws. */
export async function discover(
  client: OcpiClient,
  urlPolicy: UrlPolicy,
  at: { versionsUrl: string; token: string; version: string | undefined },
): Promise<Discovery> {
  checkUrl(at.versionsUrl, urlPolicy);
  const { exchange, tokenEncoding } = await getVersions(client, at.versionsUrl, at.token);
  const offered = readable(() => parseWire(z.array(z.unknown()), dataOf(exchange, 'versions'), 'versions'))
    .map((json) => versionEntry.safeParse(json).data)
    .filter((entry) => entry !== undefined);
  const { chosen, detailsUrl } = choose(offered, at.version);
  checkUrl(detailsUrl, urlPolicy);
  const details = await client.call({ method: 'GET', url: detailsUrl, token: at.token, tokenEncoding });
  const data = dataOf(details, 'version details');
  const endpoints = readable(() => chosen.codec.versions.detailsFromWire(data));
  checkEndpoints(endpoints, urlPolicy);
  return { version: chosen.version, endpoints, tokenEncoding };
}

/** Base64 is the rule since 2.2-d2, raw what many peers still take (SUBTLE 1). */
async function getVersions(
  client: OcpiClient,
  versionsUrl: string,
  token: string,
): Promise<{ exchange: Exchange; tokenEncoding: TokenEncoding }> {
  const get = (tokenEncoding: TokenEncoding) => client.call({ method: 'GET', url: versionsUrl, token, tokenEncoding });
  const exchange = await get('base64');
  if (!isUnauthorized(exchange)) return { exchange, tokenEncoding: 'base64' };
  const again = await get('raw');
  return isUnauthorized(again) ? { exchange, tokenEncoding: 'base64' } : { exchange: again, tokenEncoding: 'raw' };
}

const isUnauthorized = (exchange: Exchange): exchange is Answer => exchange.kind === 'answer' && exchange.http === 401;

function choose(
  offered: readonly z.infer<typeof versionEntry>[],
  wanted: string | undefined,
): { chosen: OcpiVersion; detailsUrl: string } {
  for (const chosen of versionTable) {
    if (wanted !== undefined && chosen.version !== wanted) continue;
    const found = offered.find((entry) => entry.version === chosen.version);
    if (found) return { chosen, detailsUrl: found.url };
  }
  const theirs = offered.map((entry) => entry.version).join(', ');
  throw new DomainError('not-supported', `no OCPI version in common; the partner has: ${theirs || 'none'}`);
}

/** Registration is impossible without credentials; which other modules a partner has is its own affair. */
function checkEndpoints(endpoints: readonly PartnerEndpoint[], urlPolicy: UrlPolicy): void {
  for (const endpoint of endpoints) checkUrl(endpoint.url, urlPolicy);
  if (endpoints.some((endpoint) => endpoint.identifier === 'credentials')) return;
  throw new DomainError('invalid-input', 'the version details have no credentials endpoint', {
    [MISSING_ENDPOINT]: 'credentials',
  });
}

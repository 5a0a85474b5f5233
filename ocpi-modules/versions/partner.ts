import { z } from 'zod';
import { DomainError } from '../../src/domain/errors.js';
import type { PartnerEndpoint, TokenEncoding } from '../../src/domain/partner.js';
import { url } from '../../src/domain/schema.js';
import type { Discovery } from '../../src/ports.js';
import type { Call, Exchange, OcpiClient } from '../client.js';
import { MISSING_ENDPOINT } from '../errors.js';
import { parseWire } from '../parse.js';
import { reasonOf } from '../push-result.js';
import { checkUrl, type UrlPolicy } from '../url-guard.js';
import { versionOf, versionTable, type OcpiVersion } from '../version-table.js';

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
  const preferred = at.version === undefined ? undefined : versionOf(at.version)?.transport.tokenEncoding;
  const { exchange, tokenEncoding: understood } = await getWith(
    client,
    { url: at.versionsUrl, token: at.token },
    bothFrom(preferred ?? 'base64'),
  );
  const offered = readable(() => parseWire(z.array(z.unknown()), dataOf(exchange, 'versions'), 'versions'))
    .map((json) => versionEntry.safeParse(json).data)
    .filter((entry) => entry !== undefined);
  const { chosen, detailsUrl } = choose(offered, at.version);
  checkUrl(detailsUrl, urlPolicy);
  const { messageIds, tokenEncoding: usual } = chosen.transport;
  const { exchange: details, tokenEncoding } = await getWith(
    client,
    { url: detailsUrl, token: at.token, messageIds },
    usual === understood ? [usual] : [usual, understood],
  );
  const data = dataOf(details, 'version details');
  const endpoints = readable(() => chosen.codec.versions.detailsFromWire(data));
  checkEndpoints(endpoints, urlPolicy);
  return { version: chosen.version, endpoints, tokenEncoding };
}

/** Base64 is the rule since 2.2-d2, raw what older peers and many newer ones take (SUBTLE 1). */
const bothFrom = (first: TokenEncoding): readonly [TokenEncoding, TokenEncoding] =>
  first === 'base64' ? ['base64', 'raw'] : ['raw', 'base64'];

/** Writes the token in one way after the other until the partner knows it; the first answer when it never does. */
async function getWith(
  client: OcpiClient,
  call: Pick<Call, 'url' | 'token' | 'messageIds'>,
  [first, ...others]: readonly [TokenEncoding, ...TokenEncoding[]],
): Promise<{ exchange: Exchange; tokenEncoding: TokenEncoding }> {
  const get = (tokenEncoding: TokenEncoding) => client.call({ ...call, method: 'GET', tokenEncoding });
  const exchange = await get(first);
  for (const tokenEncoding of isUnauthorized(exchange) ? others : []) {
    const again = await get(tokenEncoding);
    if (!isUnauthorized(again)) return { exchange: again, tokenEncoding };
  }
  return { exchange, tokenEncoding: first };
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

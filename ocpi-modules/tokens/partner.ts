import type { EmspAnswer } from '../../src/domain/authorization.js';
import { DomainError } from '../../src/domain/errors.js';
import { receivingParty, type Partner } from '../../src/domain/partner.js';
import type { Party } from '../../src/domain/schema.js';
import type { Token } from '../../src/domain/token.js';
import type { AuthorizeRequest, PartnerLink, TokenPage } from '../../src/ports.js';
import { urlBelow, type Exchange } from '../client.js';
import type { TokensCodec } from '../codec.js';
import { statusCode } from '../envelope.js';
import { nextLink } from '../paging.js';
import type { PartnerClient, PartnerModule } from '../partner-client.js';
import { reasonOf } from '../push-result.js';
import { isPartnersHost } from '../url-guard.js';

export interface PullOptions {
  /** Tokens a page that we ask for. */
  readonly pageSize: number;
  /** Pages of one pull, so that a list that links in circles ends. */
  readonly maxPages: number;
}

/** Tokens, what we ask (OCPI 2.2.1 §12.2.1). */
export function tokensPartner(
  client: PartnerClient,
  options: PullOptions,
): Pick<PartnerLink, 'authorize' | 'pullTokens'> {
  return {
    authorize: (partner, request) => authorize(client, partner, request),
    pullTokens(partner, since) {
      const query = { ...(since && { date_from: since }), offset: '0', limit: String(options.pageSize) };
      return pullTokens(client, partner, query, options.maxPages);
    },
  };
}

async function authorize(client: PartnerClient, partner: Partner, request: AuthorizeRequest): Promise<EmspAnswer> {
  const at = client.moduleOf(partner, 'tokens', 'SENDER');
  if ('reason' in at) return { kind: 'unreachable', reason: at.reason };
  const exchange = await client.call(partner, {
    method: 'POST',
    url: urlBelow(at.url, [request.uid, 'authorize'], { type: request.type }),
    body: at.codec.tokens.locationReferencesToWire(request),
    timeoutMs: request.timeoutMs,
  });
  return answerOf(exchange, at);
}

/** SUBTLE 70, 71: only status 1000 with a verdict that can be read decides; the rest fails closed. */
function answerOf(exchange: Exchange, { codec, transport }: PartnerModule): EmspAnswer {
  if (exchange.kind === 'failed') return { kind: 'unreachable', reason: exchange.reason };
  const { http, envelope } = exchange;
  const code = envelope?.status_code;
  const saysUnknown = code === statusCode.unknownToken || code === transport.unknownTokenCode;
  if ((saysUnknown && http < 500) || (transport.unknownTokenBy404 && http === 404)) return { kind: 'unknown-token' };
  if (http < 200 || http >= 300 || code === undefined || code < 1000 || code >= 2000) {
    return { kind: 'unreachable', reason: reasonOf(exchange) };
  }
  try {
    return codec.tokens.authorizationFromWire(envelope?.data);
  } catch (error) {
    return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Follows `rel="next"` on the partner's own hosts (SUBTLE 31). @throws DomainError `partner-unreachable`, `partner-refused` */
async function* pullTokens(
  client: PartnerClient,
  partner: Partner,
  query: Record<string, string>,
  maxPages: number,
): AsyncGenerator<TokenPage> {
  const at = client.moduleOf(partner, 'tokens', 'SENDER');
  if ('reason' in at) throw new DomainError('partner-refused', at.reason);
  const owner = receivingParty(partner);
  if (!owner) throw new DomainError('partner-refused', 'the partner has named no party');
  let url: string | undefined = urlBelow(at.url, [], query);
  const seen = new Set<string>();
  while (url !== undefined) {
    if (seen.size >= maxPages) throw new DomainError('partner-refused', `the token list has over ${maxPages} pages`);
    if (seen.has(url)) throw new DomainError('partner-refused', 'the token list links back to a page of itself');
    seen.add(url);
    const exchange = await client.call(partner, { method: 'GET', url });
    yield pageOf(exchange, at, owner);
    url = exchange.kind === 'answer' ? nextLink(exchange.header('link'), exchange.url) : undefined;
    if (url !== undefined && !isPartnersHost(partner, new URL(url))) {
      throw new DomainError(
        'partner-refused',
        'the next page of the token list is on a host that is not the partner’s',
      );
    }
  }
}

function pageOf(exchange: Exchange, { codec }: PartnerModule, owner: Party): TokenPage {
  if (exchange.kind === 'failed') throw new DomainError('partner-unreachable', exchange.reason);
  const { http, envelope } = exchange;
  const code = envelope?.status_code ?? 0;
  if (http >= 500 || http === 429 || code >= 3000 || !envelope) {
    throw new DomainError('partner-unreachable', reasonOf(exchange));
  }
  if (http !== 200 || code < 1000 || code >= 2000 || !Array.isArray(envelope.data)) {
    throw new DomainError('partner-refused', reasonOf(exchange));
  }
  const read = envelope.data.map((json: unknown) => tokenOf(json, codec.tokens, owner));
  const tokens = read.filter((token) => token !== undefined);
  return { tokens, invalid: read.length - tokens.length };
}

/** One token that can't be read must not stop the others (SUBTLE 17). */
function tokenOf(json: unknown, codec: TokensCodec, owner: Party): Token | undefined {
  try {
    return codec.fromWire(json, owner);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

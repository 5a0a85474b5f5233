import { DomainError } from '../domain/errors.js';
import { parseInstant } from '../domain/instant.js';
import { endpointUrl, isConnected, speaksFor, type Partner } from '../domain/partner.js';
import { tokenKey, type Token } from '../domain/token.js';
import type { Clock, Logger, PartnerLink, Store } from '../ports.js';
import type { Documents } from './documents.js';
import type { TokenKey, TokenRequests } from './partner-requests.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly partnerLink: PartnerLink;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface TokenSync {
  /** Fetches all tokens of a partner. Resolves when done; a failure is logged and made good by `pullMissing`. */
  pull(partner: Partner): Promise<void>;
  /** Fetches from all partners whose tokens were never fetched to the end. */
  pullMissing(): Promise<void>;
}

/** Tokens as partners push them (OCPI 2.2.1 §12.2.2) and as we pull them. */
export function createTokens({ store, documents, partnerLink, clock, logger }: Deps): TokenRequests & TokenSync {
  const pulling = new Map<string, Promise<void>>();

  async function find(partner: Partner, key: TokenKey): Promise<Token> {
    const stored = await store.get('token', keyFrom(key));
    // a token that is another partner's does not exist for this one
    if (stored?.body.partnerId !== partner.id) throw new DomainError('unknown-token', 'no such token');
    return stored.body.token;
  }

  function assertOwn(partner: Partner, token: Token): void {
    const party = { countryCode: token.country_code, partyId: token.party_id };
    if (!speaksFor(partner, party)) {
      throw new DomainError('invalid-input', `party ${token.country_code}/${token.party_id} is not yours`);
    }
  }

  async function put(partner: Partner, token: Token): Promise<'created' | 'updated'> {
    assertOwn(partner, token);
    const saved = await documents.change('token', tokenKey(token), (current) => ({
      ...current,
      partnerId: partner.id,
      token,
    }));
    return saved?.revision === 1 ? 'created' : 'updated';
  }

  /** A pushed token may have passed the page that holds its older state. */
  async function takePulled(partner: Partner, token: Token): Promise<void> {
    await documents.change('token', tokenKey(token), (current) =>
      current && isOlder(token.last_updated, current.token.last_updated)
        ? current
        : { ...current, partnerId: partner.id, token },
    );
  }

  async function pullAll(partner: Partner): Promise<void> {
    const startedAt = clock.now();
    let taken = 0;
    let invalid = 0;
    for await (const page of partnerLink.pullTokens(partner, undefined)) {
      const own = page.tokens.filter((token) =>
        speaksFor(partner, { countryCode: token.country_code, partyId: token.party_id }),
      );
      await Promise.all(own.map((token) => takePulled(partner, token)));
      taken += own.length;
      invalid += page.invalid + page.tokens.length - own.length;
    }
    await documents.change('partner', partner.id, (current) => current && { ...current, tokensPulledTo: startedAt });
    logger.info({ partner: partner.id, tokens: taken, invalid }, 'tokens fetched');
  }

  function pull(partner: Partner): Promise<void> {
    if (endpointUrl(partner, 'tokens', 'SENDER') === undefined) return Promise.resolve();
    const running = pulling.get(partner.id);
    if (running) return running;
    const started = pullAll(partner)
      .catch((error: unknown) => logger.warn({ partner: partner.id, err: error }, 'tokens could not be fetched'))
      .finally(() => pulling.delete(partner.id));
    pulling.set(partner.id, started);
    return started;
  }

  return {
    get: find,
    put,
    async patch(partner, key, fields) {
      const current = await find(partner, key);
      // only since 2.2 does a PATCH have to say when it was made (SUBTLE 39)
      await put(partner, { ...current, last_updated: clock.now(), ...fields });
    },
    pull,
    async pullMissing() {
      const partners = (await store.find('partner')).map(({ body }) => body);
      for (const partner of partners) {
        if (isConnected(partner) && partner.tokensPulledTo === undefined) void pull(partner);
      }
    },
  };
}

const keyFrom = ({ countryCode, partyId, uid, type }: TokenKey): string =>
  tokenKey({ country_code: countryCode, party_id: partyId, uid, type });

const isOlder = (a: string, b: string): boolean => (parseInstant(a) ?? '') < (parseInstant(b) ?? '');

import { keyOf } from '../../src/domain/ids.js';
import type { Partner } from '../../src/domain/partner.js';
import type { Clock, PartnerLink } from '../../src/ports.js';
import { urlBelow } from '../client.js';
import { NOT_EXPRESSIBLE, type PartnerClient } from '../partner-client.js';
import { cdrResultOf } from '../push-result.js';

/** CDRs, what we post (OCPI 2.2.1 §10.2.2). */
export const cdrsPartner = (client: PartnerClient, clock: Clock): Pick<PartnerLink, 'postCdr' | 'hasCdr'> => ({
  async postCdr(partner, cdr) {
    const at = client.moduleOf(partner, 'cdrs', 'RECEIVER');
    if ('reason' in at) return { result: 'refused', reason: at.reason, missing: false };
    const body = at.codec.cdrs.toWire(cdr);
    if (!body) return { result: 'refused', reason: at.codec.cdrs.whyNot?.(cdr) ?? NOT_EXPRESSIBLE, missing: false };
    const to = { countryCode: cdr.token.country_code, partyId: cdr.token.party_id };
    const exchange = await client.call(partner, { method: 'POST', url: at.url, to, body });
    return cdrResultOf(exchange, clock.now());
  },
  async hasCdr(partner, cdrId) {
    const at = client.moduleOf(partner, 'cdrs', 'RECEIVER');
    if ('reason' in at) return undefined;
    const exchange = await client.call(partner, { method: 'GET', url: cdrUrl(partner, at.url, cdrId) });
    if (exchange.kind === 'failed') return undefined;
    if (exchange.http === 404) return false;
    const code = exchange.envelope?.status_code;
    if (exchange.http !== 200 || code === undefined) return undefined;
    if (code >= 2000 && code < 3000) return false;
    if (code < 1000 || code >= 2000) return undefined;
    const found = at.codec.cdrs.idFromWire(exchange.envelope?.data);
    return found !== undefined && keyOf(found) === keyOf(cdrId) ? true : undefined;
  },
});

/** The receiver chooses the URL of a CDR (SUBTLE 53); below its endpoint is a guess for the first one. */
const cdrUrl = ({ cdrUrlTemplate }: Partner, endpoint: string, cdrId: string): string =>
  cdrUrlTemplate === undefined
    ? urlBelow(endpoint, [cdrId])
    : cdrUrlTemplate.replaceAll('{id}', () => encodeURIComponent(cdrId));

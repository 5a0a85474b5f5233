import type { DeliveryPolicy } from './delivery.js';
import type { Instant } from './instant.js';
import { sameParty, type BusinessDetails, type Party } from './schema.js';

export interface PartnerRole extends Party {
  /** CPO, EMSP, HUB, …: as the partner says it. */
  readonly role: string;
  readonly businessDetails: BusinessDetails;
}

export interface PartnerEndpoint {
  readonly identifier: string;
  readonly role: 'SENDER' | 'RECEIVER';
  readonly url: string;
}

/** How a partner writes its token in the Authorization header: base64 since 2.2-d2, raw before (OCPI 2.2.1 §4.1.2). */
export type TokenEncoding = 'base64' | 'raw';

/** What we need to call a partner. `token` is encrypted at rest: only the store's driver's callers decrypt it. */
export interface PartnerConnection {
  readonly version: string;
  readonly versionsUrl: string;
  readonly sealedToken: string;
  readonly tokenEncoding: TokenEncoding;
  readonly endpoints: readonly PartnerEndpoint[];
  readonly roles: readonly PartnerRole[];
  /** The hub that it is: country code and party id in one (OCPI 2.3.0 §7.3.1 hub_party_id). */
  readonly hubPartyId?: string | undefined;
}

/**
 * A roaming partner. `invited`: has a TOKEN_A of ours and may register with it. `registered`: both sides have tokens.
 * `unregistered`: one side ended it; all automated traffic stops (OCPI 2.2.1 §7.2.4).
 */
export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly status: 'invited' | 'registered' | 'unregistered';
  readonly policy: DeliveryPolicy;
  /** SHA-256 of the token that the partner sends us: TOKEN_A while invited, then the credentials token. */
  readonly tokenHash?: string | undefined;
  readonly connection?: PartnerConnection | undefined;
  readonly registeredAt?: Instant | undefined;
  /** All its tokens up to this last_updated are here. */
  readonly tokensPulledTo?: Instant | undefined;
  /** Where it keeps the CDRs that we post, with `{id}` in place of the CDR id; learned from its Location headers. */
  readonly cdrUrlTemplate?: string | undefined;
  readonly createdAt: Instant;
}

/** Can anything be sent to it? */
export const isConnected = (partner: Partner): partner is Partner & { connection: PartnerConnection } =>
  partner.status === 'registered' && partner.connection !== undefined;

/** The URL of one of the partner's modules; only version details give it (OCPI 2.2.1 §4.1.7). */
export const endpointUrl = (partner: Partner, identifier: string, role: PartnerEndpoint['role']): string | undefined =>
  partner.connection?.endpoints.find((each) => each.identifier === identifier && each.role === role)?.url;

/** Does the partner speak for this party? */
export const speaksFor = (partner: Partner, party: Party): boolean =>
  partner.connection?.roles.some((role) => sameParty(role, party)) ?? false;

/** The party that a message to this partner is for: its eMSP role, or whatever role it has first. */
export function receivingParty(partner: Partner): Party | undefined {
  const roles = partner.connection?.roles ?? [];
  return roles.find((role) => role.role === 'EMSP') ?? roles[0];
}

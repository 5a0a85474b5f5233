import { z } from 'zod';
import type { Instant } from './instant.js';
import { tokenTypes } from './location.js';
import { ciString, countryCode, dateTime, openEnum, optional, partyId, text } from './schema.js';

/** The canonical Token: OCPI 2.3.0 §12.3. */
export const whitelistTypes = ['ALWAYS', 'ALLOWED', 'ALLOWED_OFFLINE', 'NEVER'] as const;
export const profileTypes = ['CHEAP', 'FAST', 'GREEN', 'REGULAR'] as const;

export const token = z.object({
  country_code: countryCode,
  party_id: partyId,
  uid: ciString(36),
  type: openEnum(tokenTypes),
  contract_id: ciString(36),
  visual_number: optional(text(64)),
  issuer: text(64),
  group_id: optional(ciString(36)),
  valid: z.boolean(),
  whitelist: z.enum(whitelistTypes),
  language: optional(z.string().length(2)),
  default_profile_type: optional(z.enum(profileTypes)),
  energy_contract: optional(z.object({ supplier_name: text(64), contract_id: optional(text(64)) })),
  last_updated: dateTime,
});
export type Token = z.infer<typeof token>;

/** A token as the store keeps it: with the partner that sent it. */
export interface StoredToken {
  readonly partnerId: string;
  readonly token: Token;
  /** When it last charged here. */
  readonly lastUsedAt?: Instant | undefined;
}

/** What sessions and CDRs say of a token (OCPI 2.2.1 §10.4.5). */
export type CdrToken = Pick<Token, 'country_code' | 'party_id' | 'uid' | 'type' | 'contract_id'>;

export const cdrTokenOf = ({ country_code, party_id, uid, type, contract_id }: Token): CdrToken => ({
  country_code,
  party_id,
  uid,
  type,
  contract_id,
});

/** The store's key of a token: uid and type are unique within a party (OCPI 2.2.1 §12.3.2). */
export const tokenKey = (of: Pick<Token, 'country_code' | 'party_id' | 'uid'> & { readonly type: string }): string =>
  `${of.country_code}*${of.party_id}*${of.type}*${of.uid}`.toLowerCase();

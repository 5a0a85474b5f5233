import { z } from 'zod';
import { parseInstant } from '../../src/domain/instant.js';
import { tokenTypes as canonicalTokenTypes } from '../../src/domain/location.js';
import { ciString, displayText, listOf, optional, text, type Party } from '../../src/domain/schema.js';
import { token as canonicalToken, type Token } from '../../src/domain/token.js';
import type { TokensCodec } from '../codec.js';
import type { LossNote } from '../loss.js';
import { parseWire } from '../parse.js';

/** Tokens of OCPI 2.1.1 (mod_tokens 3.2): without owner, whose place is the URL, and with `auth_id` for the contract. */

const tokenTypes = ['OTHER', 'RFID'] as const;

export const token = canonicalToken
  .omit({
    country_code: true,
    party_id: true,
    contract_id: true,
    group_id: true,
    default_profile_type: true,
    energy_contract: true,
  })
  .extend({ type: z.enum(tokenTypes), auth_id: ciString(36) });
type WireToken = z.infer<typeof token>;

export const locationReferences = z.object({
  location_id: text(39).min(1),
  evse_uids: listOf(text(39)),
  connector_ids: listOf(text(36)),
});

export const authorizationInfo = z.object({
  allowed: z.enum(['ALLOWED', 'BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED']),
  location: optional(locationReferences),
  info: optional(displayText),
});

/** What is only shown must not make a verdict unreadable. */
const receivedAuthorizationInfo = authorizationInfo.extend({ info: z.unknown().optional() });

/** Times are compared as text once they are in. */
const instantOf = (lastUpdated: string): string => parseInstant(lastUpdated) ?? lastUpdated;

export const tokenFromWire = ({ auth_id, ...of }: WireToken, owner: Party): Token => ({
  ...of,
  country_code: owner.countryCode,
  party_id: owner.partyId,
  contract_id: auth_id,
  last_updated: instantOf(of.last_updated),
});

/** A type that 2.1.1 doesn't know is OTHER (DIFFERENCES §11). */
function toWire(of: Token): WireToken {
  const { uid, type, contract_id, visual_number, issuer, valid, whitelist, language, last_updated } = of;
  return {
    uid,
    type: tokenTypes.find((known) => known === type) ?? 'OTHER',
    auth_id: contract_id,
    visual_number,
    issuer,
    valid,
    whitelist,
    language,
    last_updated,
  };
}

export const tokens: TokensCodec = {
  // the type is no part of a URL; those of later versions are of partners that have changed theirs
  typesWithoutQuery: [...new Set<string>(['RFID', 'OTHER', ...canonicalTokenTypes])],
  caseSensitiveUids: true,
  toWire,
  fromWire: (json, owner) => tokenFromWire(parseWire(token, json, 'Token'), owner),
  patchFromWire(json) {
    const { auth_id, last_updated, ...given } = parseWire(token.partial(), json, 'Token');
    const fields = {
      ...given,
      ...(auth_id !== undefined && { contract_id: auth_id }),
      ...(last_updated !== undefined && { last_updated: instantOf(last_updated) }),
    };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  },
  locationReferencesToWire: ({ locationId, evseUids }) =>
    locationId === undefined ? undefined : { location_id: locationId, ...(evseUids && { evse_uids: evseUids }) },
  authorizationFromWire(json) {
    const info = parseWire(receivedAuthorizationInfo, json, 'AuthorizationInfo');
    return { kind: 'verdict', allowed: info.allowed, evseUids: info.location?.evse_uids };
  },
};

/** All that a token loses in 2.1.1. */
export const losses211: readonly LossNote[] = [
  { field: 'Token.country_code', rule: 'only in the URL; of a list of tokens, the registered party' },
  { field: 'Token.party_id', rule: 'only in the URL; of a list of tokens, the registered party' },
  { field: 'Token.contract_id', rule: 'becomes auth_id' },
  { field: 'Token.type', rule: 'all but RFID become OTHER' },
  { field: 'Token.group_id', rule: 'dropped' },
  { field: 'Token.default_profile_type', rule: 'dropped' },
  { field: 'Token.energy_contract', rule: 'dropped' },
  { field: 'AuthorizationInfo.token', rule: 'absent: a token that is not in our list cannot be charged with' },
  { field: 'AuthorizationInfo.authorization_reference', rule: 'absent' },
];

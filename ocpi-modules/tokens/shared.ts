import { z } from 'zod';
import { parseInstant } from '../../src/domain/instant.js';
import { ciString, displayText, listOf, optional } from '../../src/domain/schema.js';
import { token as canonicalToken, type Token } from '../../src/domain/token.js';
import type { TokensCodec } from '../codec.js';
import { parseWire } from '../parse.js';

/** Tokens of OCPI 2.2 and later: the versions differ only in the types that a token may have. */

type TokenShape = Omit<typeof canonicalToken.shape, 'type'> & { readonly type: z.ZodType<Token['type'], string> };
type TokenSchema = z.ZodObject<TokenShape>;

/** §12.3, by the version's own Token. */
export const tokenSchemas = <S extends TokenSchema>(token: S) => ({
  token,
  locationReferences,
  authorizationInfo: z.object({
    allowed: z.enum(['ALLOWED', 'BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED']),
    token,
    location: optional(locationReferences),
    authorization_reference: optional(ciString(36)),
    info: optional(displayText),
  }),
});

const locationReferences = z.object({ location_id: ciString(36), evse_uids: listOf(ciString(36)) });

/** Times are compared as text once they are in. */
const withInstant = <T extends { last_updated: string }>(of: T): T => ({
  ...of,
  last_updated: parseInstant(of.last_updated) ?? of.last_updated,
});

export const tokenFromWire = (wire: Token): Token => withInstant(wire);

/** @param token the version's Token; `toWire` says one in its words */
export function tokensCodec(token: TokenSchema, toWire: (of: Token) => object): TokensCodec {
  // SUBTLE 39: a PATCH carries last_updated and can't remove information
  const tokenPatch = token.partial().required({ last_updated: true });
  // an answer counts although its token is left out: AuthorizationInfo of older versions has none
  const lenientAuthorizationInfo = tokenSchemas(token).authorizationInfo.extend({
    token: optional(token).catch(undefined),
    info: z.unknown().optional(),
  });
  return {
    toWire,
    fromWire: (json) => tokenFromWire(parseWire(token, json, 'Token')),
    patchFromWire(json) {
      const given = withInstant(parseWire(tokenPatch, json, 'Token'));
      return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    },
    locationReferencesToWire: ({ locationId, evseUids }) =>
      locationId === undefined ? undefined : { location_id: locationId, ...(evseUids && { evse_uids: evseUids }) },
    authorizationFromWire(json) {
      const info = parseWire(lenientAuthorizationInfo, json, 'AuthorizationInfo');
      return {
        kind: 'verdict',
        allowed: info.allowed,
        token: info.token && tokenFromWire(info.token),
        authorizationReference: info.authorization_reference,
        evseUids: info.location?.evse_uids,
      };
    },
  };
}

import { z } from 'zod';
import {
  businessDetails,
  ciString,
  countryCode,
  nonEmptyListOf,
  optional,
  partyId,
  url,
} from '../../src/domain/schema.js';
import type { Credentials } from '../../src/ports.js';
import type { CredentialsCodec } from '../codec.js';
import { parseWire } from '../parse.js';

/** Credentials of OCPI 2.3.0 §7.3. */
export const roles = ['CPO', 'EMSP', 'NAP', 'NSP', 'OTHER', 'SCSP'] as const;

export const credentialsRole = z.object({
  role: z.enum(roles),
  business_details: businessDetails,
  party_id: partyId,
  country_code: countryCode,
});

export const credentialsObject = z.object({
  // SUBTLE 2: U+0021 to U+007E
  token: z
    .string()
    .max(64)
    .regex(/^[\x21-\x7e]+$/, 'only printable ASCII without spaces is allowed'),
  url,
  hub_party_id: optional(ciString(5)),
  roles: nonEmptyListOf(credentialsRole),
});

/**
 * What we take from a partner of any version: a hub that names its role, as before 2.3.0, and a website or logo that is
 * wrong, as it is only shown, must not keep partners apart.
 */
const receivedCredentials = credentialsObject.extend({
  roles: nonEmptyListOf(
    credentialsRole.extend({
      role: z.enum([...roles, 'HUB']),
      business_details: businessDetails.extend({
        website: businessDetails.shape.website.catch(undefined),
        logo: businessDetails.shape.logo.catch(undefined),
      }),
    }),
  ),
});

/** Before 2.3.0 a hub is the party with the role HUB (SUBTLE 10). */
export function credentialsFromWire(json: unknown): Credentials {
  const wire = parseWire(receivedCredentials, json, 'Credentials');
  const hub = wire.roles.find(({ role }) => role === 'HUB');
  const hubPartyId = wire.hub_party_id ?? (hub && hub.country_code + hub.party_id);
  return {
    token: wire.token,
    versionsUrl: wire.url,
    roles: wire.roles.map((each) => ({
      role: each.role,
      businessDetails: each.business_details,
      partyId: each.party_id,
      countryCode: each.country_code,
    })),
    ...(hubPartyId !== undefined && { hubPartyId }),
  };
}

export const credentialsToWire = ({
  token,
  versionsUrl,
  roles: ours,
  hubPartyId,
}: Credentials): z.input<typeof credentialsObject> => ({
  token,
  url: versionsUrl,
  ...(hubPartyId !== undefined && { hub_party_id: hubPartyId }),
  roles: ours.map((each) => ({
    role: credentialsRole.shape.role.parse(each.role),
    business_details: each.businessDetails,
    party_id: each.partyId,
    country_code: each.countryCode,
  })),
});

export const credentials: CredentialsCodec = { toWire: credentialsToWire, fromWire: credentialsFromWire };

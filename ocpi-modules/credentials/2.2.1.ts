import { z } from 'zod';
import { businessDetails, countryCode, nonEmptyListOf, partyId, url } from '../../src/domain/schema.js';
import type { CredentialsCodec } from '../codec.js';
import { parseWire } from '../parse.js';

/** Credentials of OCPI 2.2.1 §7.3. */
const credentialsRole = z.object({
  role: z.enum(['CPO', 'EMSP', 'HUB', 'NAP', 'NSP', 'OTHER', 'SCSP']),
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
  roles: nonEmptyListOf(credentialsRole),
});

/** A website or logo that is wrong must not keep partners apart: it is only shown. */
const lenientRole = credentialsRole.extend({
  business_details: businessDetails.extend({
    website: businessDetails.shape.website.catch(undefined),
    logo: businessDetails.shape.logo.catch(undefined),
  }),
});
const receivedCredentials = credentialsObject.extend({ roles: nonEmptyListOf(lenientRole) });

export const credentials: CredentialsCodec = {
  toWire: ({ token, versionsUrl, roles }): z.input<typeof credentialsObject> => ({
    token,
    url: versionsUrl,
    roles: roles.map((each) => ({
      role: credentialsRole.shape.role.parse(each.role),
      business_details: each.businessDetails,
      party_id: each.partyId,
      country_code: each.countryCode,
    })),
  }),
  fromWire(json) {
    const wire = parseWire(receivedCredentials, json, 'Credentials');
    return {
      token: wire.token,
      versionsUrl: wire.url,
      roles: wire.roles.map((each) => ({
        role: each.role,
        businessDetails: each.business_details,
        partyId: each.party_id,
        countryCode: each.country_code,
      })),
    };
  },
};

import type { z } from 'zod';
import { DomainError } from '../../src/domain/errors.js';
import type { CredentialsCodec } from '../codec.js';
import type { LossNote } from '../loss.js';
import { parseWire } from '../parse.js';
import { businessDetails, businessDetailsToWire } from '../types/2.2.1.js';
import { credentialsObject as credentialsObject230, credentialsRole } from './2.3.0.js';

/** Credentials of OCPI 2.1.1: exactly one party, whose role is that of the other side of ours. */
export const credentialsObject = credentialsObject230.omit({ roles: true, hub_party_id: true }).extend({
  business_details: businessDetails,
  party_id: credentialsRole.shape.party_id,
  country_code: credentialsRole.shape.country_code,
});

/** A website or logo that is wrong must not keep partners apart: it is only shown. */
const receivedCredentials = credentialsObject.extend({
  business_details: businessDetails.extend({
    website: businessDetails.shape.website.catch(undefined),
    logo: businessDetails.shape.logo.catch(undefined),
  }),
});

/** These are the endpoints of a CPO, so whoever uses them is an eMSP. */
const OUR_ROLE = 'CPO';
const THEIR_ROLE = 'EMSP';

export const credentials: CredentialsCodec = {
  toWire({ token, versionsUrl, roles }): z.input<typeof credentialsObject> {
    const ours = roles.find(({ role }) => role === OUR_ROLE) ?? roles[0];
    if (!ours) throw new DomainError('invalid-input', 'we have no party to present');
    return {
      token,
      url: versionsUrl,
      business_details: businessDetailsToWire(ours.businessDetails),
      party_id: ours.partyId,
      country_code: ours.countryCode,
    };
  },
  fromWire(json) {
    const wire = parseWire(receivedCredentials, json, 'Credentials');
    return {
      token: wire.token,
      versionsUrl: wire.url,
      roles: [
        {
          role: THEIR_ROLE,
          businessDetails: wire.business_details,
          partyId: wire.party_id,
          countryCode: wire.country_code,
        },
      ],
    };
  },
};

/** All that credentials lose in 2.1.1. */
export const losses211: readonly LossNote[] = [
  { field: 'Credentials.roles', rule: 'only the CPO is presented, as the one party, and its role is not said' },
  { field: 'Credentials.hub_party_id', rule: 'dropped' },
];

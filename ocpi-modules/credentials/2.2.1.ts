import { z } from 'zod';
import { nonEmptyListOf } from '../../src/domain/schema.js';
import type { CredentialsCodec } from '../codec.js';
import type { LossNote } from '../loss.js';
import { businessDetails, businessDetailsToWire } from '../types/2.2.1.js';
import {
  credentialsFromWire,
  credentialsObject as credentialsObject230,
  credentialsRole as credentialsRole230,
  credentialsToWire,
  roles,
} from './2.3.0.js';

/** Credentials of OCPI 2.2.1 §7.3, as differences from 2.3.0. */
const credentialsRole = credentialsRole230.extend({
  role: z.enum([...roles, 'HUB']),
  business_details: businessDetails,
});

export const credentialsObject = credentialsObject230
  .omit({ hub_party_id: true })
  .extend({ roles: nonEmptyListOf(credentialsRole) });

export const credentials: CredentialsCodec = {
  toWire: ({ token, versionsUrl, roles: ours }) =>
    credentialsToWire({
      token,
      versionsUrl,
      roles: ours.map((each) => ({ ...each, businessDetails: businessDetailsToWire(each.businessDetails) })),
    }),
  fromWire: credentialsFromWire,
};

/** All that credentials lose in 2.2.1. */
export const losses221: readonly LossNote[] = [
  { field: 'Credentials.hub_party_id', rule: 'dropped; read from a role HUB' },
];

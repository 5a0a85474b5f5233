import type { Party } from '../../src/domain/schema.js';
import type { Session } from '../../src/domain/session.js';
import type { PartnerLink } from '../../src/ports.js';
import type { PartnerClient } from '../partner-client.js';

const path = ({ party, id }: Session): string[] => [party.countryCode, party.partyId, id];

/** The party whose token it is: behind a hub, or with several parties on one platform, not the partner's first. */
const ownerOf = ({ token }: Session): Party | undefined =>
  token && { countryCode: token.country_code, partyId: token.party_id };

/** Sessions, what we push (OCPI 2.2.1 §9.2.2). */
export const sessionsPartner = (client: PartnerClient): Pick<PartnerLink, 'putSession' | 'patchSession'> => ({
  putSession: (partner, session) =>
    client.push(partner, 'sessions', {
      method: 'PUT',
      segments: path(session),
      to: ownerOf(session),
      body: ({ sessions }) => sessions.toWire(session),
    }),
  patchSession: (partner, session) =>
    client.push(partner, 'sessions', {
      method: 'PATCH',
      segments: path(session),
      to: ownerOf(session),
      body: ({ sessions }) => sessions.growthToWire(session),
    }),
});

import type { Tariff } from '../../src/domain/tariff.js';
import type { PartnerLink } from '../../src/ports.js';
import type { PartnerClient } from '../partner-client.js';

const path = (of: Pick<Tariff, 'country_code' | 'party_id' | 'id'>): string[] => [of.country_code, of.party_id, of.id];

/** Tariffs, what we push (OCPI 2.2.1 §11.2.2). */
export const tariffsPartner = (client: PartnerClient): Pick<PartnerLink, 'putTariff' | 'deleteTariff'> => ({
  putTariff: (partner, tariff) =>
    client.push(partner, 'tariffs', {
      method: 'PUT',
      segments: path(tariff),
      body: ({ tariffs }) => tariffs.toWire(tariff),
    }),
  deleteTariff: (partner, tariff) =>
    client.push(partner, 'tariffs', { method: 'DELETE', segments: path(tariff), body: () => undefined }),
});

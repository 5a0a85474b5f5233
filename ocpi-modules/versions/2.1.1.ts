import type { z } from 'zod';
import type { PartnerEndpoint } from '../../src/domain/partner.js';
import { nonEmptyListOf } from '../../src/domain/schema.js';
import type { VersionsCodec } from '../codec.js';
import { parseWire } from '../parse.js';
import { versionDetails as versionDetails230 } from './2.3.0.js';

/** Version details of OCPI 2.1.1: endpoints have no role (DIFFERENCES §1). */
export const versionDetails = versionDetails230.extend({
  endpoints: nonEmptyListOf(versionDetails230.shape.endpoints.element.omit({ role: true })),
});

/** What an eMSP sends, or asks for, in later versions' words; all else it receives. */
const sentByEmsp = new Set(['credentials', 'tokens', 'commands']);

export const versions: VersionsCodec = {
  detailsToWire: (version, endpoints): z.input<typeof versionDetails> => ({
    version,
    endpoints: endpoints.map(({ identifier, url }) => ({ identifier, url })),
  }),
  detailsFromWire: (json) =>
    parseWire(versionDetails, json, 'VersionDetails').endpoints.map(({ identifier, url }): PartnerEndpoint => ({
      identifier,
      role: sentByEmsp.has(identifier) ? 'SENDER' : 'RECEIVER',
      url,
    })),
};

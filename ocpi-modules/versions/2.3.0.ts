import { z } from 'zod';
import { nonEmptyListOf, url } from '../../src/domain/schema.js';
import type { VersionsCodec } from '../codec.js';
import { parseWire } from '../parse.js';

/** Version details of OCPI 2.3.0 §6.2. Identifiers are open: parties may add modules of their own (§6.2.4). */
const endpoint = z.object({
  identifier: z.string().min(1).max(255),
  role: z.enum(['SENDER', 'RECEIVER']),
  url,
});

export const versionDetails = z.object({ version: z.string(), endpoints: nonEmptyListOf(endpoint) });

export const versions: VersionsCodec = {
  detailsToWire: (version, endpoints): z.input<typeof versionDetails> => ({
    version,
    endpoints: endpoints.map(({ identifier, role, url: at }) => ({ identifier, role, url: at })),
  }),
  detailsFromWire: (json) => parseWire(versionDetails, json, 'VersionDetails').endpoints,
};

import type { PartnerEndpoint } from '../../src/domain/partner.js';
import type { Codec } from '../codec.js';
import type { Route } from '../module.js';

/** GET {versions_url}: a bare array, not paginated (OCPI 2.2.1 §6.1). */
export const versionsRoutes = (offered: readonly { version: string; url: string }[]): readonly Route[] => [
  { method: 'GET', path: '/', handle: async () => ({ data: offered }) },
];

/** GET {version.url} (OCPI 2.2.1 §6.2). */
export const detailsRoutes = (
  version: string,
  codec: Codec,
  endpoints: readonly PartnerEndpoint[],
): readonly Route[] => [
  { method: 'GET', path: '/', handle: async () => ({ data: codec.versions.detailsToWire(version, endpoints) }) },
];

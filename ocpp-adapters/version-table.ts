import { ocpp16 } from './1.6/version.js';
import { ocpp201 } from './2.0.1/version.js';
import { ocpp21 } from './2.1/version.js';
import type { OcppVersion } from './adapter.js';

/** The versions that we speak, the one we like best first. This table is the only place that lists them. */
export const versions: readonly [OcppVersion, ...OcppVersion[]] = [ocpp21, ocpp201, ocpp16];

/** What a charge point that offers no subprotocol is taken to speak. */
export const versionWithoutOffer: OcppVersion = ocpp16;

/**
 * The best version among those offered in Sec-WebSocket-Protocol, with the offer as it was spelled: the answer must
 * repeat it (RFC 6455 §4.2.2). undefined: none in common.
 */
export function negotiate(
  offers: Iterable<string>,
): { readonly version: OcppVersion; readonly offer: string } | undefined {
  const spelled = new Map([...offers].map((offer) => [offer.toLowerCase(), offer]));
  for (const version of versions) {
    const offer = spelled.get(version.protocol);
    if (offer !== undefined) return { version, offer };
  }
  return undefined;
}

import type { Handshake, Logger, Vault } from '../src/ports.js';
import { createOcpiClient, type OcpiClientOptions } from './client.js';
import { credentialsPartner } from './credentials/partner.js';
import { discover } from './versions/partner.js';

export interface HandshakeDeps {
  readonly vault: Vault;
  readonly logger: Logger;
  readonly options: OcpiClientOptions;
}

/** The calls of a registration that we make (OCPI 2.2.1 §7.1). */
export function createHandshake({ vault, logger, options }: HandshakeDeps): Handshake {
  const client = createOcpiClient(options, logger);
  return {
    discover: (versionsUrl, token, version) => discover(client, options.urlPolicy, { versionsUrl, token, version }),
    ...credentialsPartner(client, vault),
  };
}

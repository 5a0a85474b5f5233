import type { Party } from '../src/domain/schema.js';
import type { Clock, Logger, PartnerLink, Vault } from '../src/ports.js';
import { cdrsPartner } from './cdrs/partner.js';
import { createOcpiClient, type OcpiClientOptions } from './client.js';
import { commandsPartner } from './commands/partner.js';
import { locationsPartner } from './locations/partner.js';
import { createPartnerClient } from './partner-client.js';
import { sessionsPartner } from './sessions/partner.js';
import { tariffsPartner } from './tariffs/partner.js';
import { tokensPartner, type PullOptions } from './tokens/partner.js';

export interface PartnerLinkDeps {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The party that we are. */
  readonly party: Party;
  readonly options: OcpiClientOptions & PullOptions;
}

/** The calls that we make at partners, each in the partner's own version. */
export function createPartnerLink({ vault, clock, logger, party, options }: PartnerLinkDeps): PartnerLink {
  const client = createPartnerClient({ client: createOcpiClient(options, logger), vault, clock, party });
  return {
    ...locationsPartner(client),
    ...tariffsPartner(client),
    ...sessionsPartner(client),
    ...cdrsPartner(client, clock),
    ...tokensPartner(client, options),
    ...commandsPartner(client, logger),
  };
}

import { isConnected, type Partner } from '../../src/domain/partner.js';
import type { Logger, PartnerLink } from '../../src/ports.js';
import type { CommandsCodec } from '../codec.js';
import type { PartnerClient } from '../partner-client.js';
import { reasonOf } from '../push-result.js';
import { isPartnersHost } from '../url-guard.js';
import { versionOf } from '../version-table.js';

/** Commands: the outcome, posted to response_url as it was given, once (OCPI 2.2.1 §13.2.2, SUBTLE 76). */
export const commandsPartner = (client: PartnerClient, logger: Logger): Pick<PartnerLink, 'postCommandResult'> => ({
  async postCommandResult(partner, responseUrl, result, message) {
    const problem = await post(client, partner, responseUrl, (codec) => codec.resultToWire(result, message));
    const facts = { partner: partner.id, result };
    if (problem === undefined) logger.debug(facts, 'command result delivered');
    else logger.warn({ ...facts, reason: problem }, 'command result not delivered');
  },
});

/** Why it failed; undefined when it didn't. */
async function post(
  client: PartnerClient,
  partner: Partner,
  responseUrl: string,
  bodyOf: (codec: CommandsCodec) => object,
): Promise<string | undefined> {
  const codec = isConnected(partner) ? versionOf(partner.connection.version)?.codec : undefined;
  if (!codec) return 'the partner is not registered';
  if (!URL.canParse(responseUrl) || !isPartnersHost(partner, new URL(responseUrl))) {
    return 'response_url is on none of the partner’s hosts';
  }
  const exchange = await client.call(partner, { method: 'POST', url: responseUrl, body: bodyOf(codec.commands) });
  if (exchange.kind === 'failed') return exchange.reason;
  return exchange.http >= 200 && exchange.http < 300 ? undefined : reasonOf(exchange);
}

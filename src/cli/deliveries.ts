import type { Command } from 'commander';
import { show, write } from './output.js';
import type { ClientOf, JsonOption } from './shared.js';

/** Adds `deliveries list|retry`. */
export function addDeliveryCommands(parent: Command, client: ClientOf): void {
  parent
    .command('list')
    .description('list what waits and what is parked, with the reason')
    .option('--json', 'as JSON')
    .action(async ({ json = false }: JsonOption) => {
      const { deliveries, partners } = (await client().call('GET', '/api/deliveries')) as {
        deliveries: readonly unknown[];
        partners: readonly unknown[];
      };
      if (json) {
        write(JSON.stringify({ deliveries, partners }, null, 2));
        return;
      }
      show(
        deliveries,
        [
          ['PARTNER', 'partner'],
          ['KIND', 'kind'],
          ['ID', 'id'],
          ['STATE', 'state'],
          ['ATTEMPTS', 'attempts'],
          ['NEXT', 'nextAttemptAt'],
          ['REASON', 'reason'],
        ],
        false,
      );
    });
  parent
    .command('retry')
    .description('send again, now, what waits and what is parked')
    .option('--partner <id>', 'of this partner only')
    .action(async ({ partner }: { partner?: string }) => {
      const { retried } = (await client().call('POST', '/api/deliveries/retry', { partner })) as { retried: number };
      write(`${retried} sent again`);
    });
}

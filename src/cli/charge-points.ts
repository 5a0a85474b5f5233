import type { Command } from 'commander';
import { show, write } from './output.js';
import { chargePointPath, listOf, type ClientOf, type JsonOption } from './shared.js';

/** Adds `charge-point unknown` and `charge-point password`. */
export function addChargePointCommands(parent: Command, client: ClientOf): void {
  parent
    .command('unknown')
    .description('charge points that were refused because nobody described them')
    .option('--json', 'as JSON')
    .action(async ({ json = false }: JsonOption) => {
      show(
        await listOf(client(), '/api/charge-points/unknown'),
        [
          ['ID', 'id'],
          ['ADDRESS', 'remoteAddress'],
          ['ATTEMPTS', 'attempts'],
          ['LAST SEEN', 'lastSeenAt'],
        ],
        json,
      );
    });
  parent
    .command('password')
    .description('set the password of a charge point; without one given, a new one is made and shown this once')
    .argument('<id>', 'charge point')
    .argument('[password]', '8 to 64 characters')
    .option('--json', 'as JSON')
    .action(async (id: string, password: string | undefined, { json = false }: JsonOption) => {
      const result = await client().call('POST', `${chargePointPath(id)}/password`, { password });
      write(json ? JSON.stringify(result) : (result as { password: string }).password);
    });
}

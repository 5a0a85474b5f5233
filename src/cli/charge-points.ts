import { Argument, type Command } from 'commander';
import { show, write } from './output.js';
import { chargePointPath, listOf, type ClientOf, type JsonOption } from './shared.js';

const profiles = ['0', '1', '2', '3'];

/** Adds `charge-point unknown`, `charge-point password` and `charge-point security-profile`. */
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
  parent
    .command('security-profile')
    .description('set the lowest security profile that a charge point is let in with, and tell it when it is connected')
    .argument('<id>', 'charge point')
    .addArgument(
      new Argument('<profile>', '0 nothing, 1 password, 2 TLS and password, 3 TLS and certificate').choices(profiles),
    )
    .option('--json', 'as JSON')
    .action(async (id: string, profile: string, { json = false }: JsonOption) => {
      const result = await client().call('POST', `${chargePointPath(id)}/security-profile`, {
        profile: Number(profile),
      });
      const { told } = result as { told?: string };
      const how = told === undefined ? 'it was not told' : `told to it: ${told}`;
      write(json ? JSON.stringify(result) : `security profile ${profile}; ${how}`);
    });
}

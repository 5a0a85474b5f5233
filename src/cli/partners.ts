import type { Command } from 'commander';
import { show, write, type Column } from './output.js';
import { listOf, type ClientOf, type JsonOption } from './shared.js';

const partnerColumns: readonly Column[] = [
  ['ID', 'id'],
  ['NAME', 'name'],
  ['STATUS', 'status'],
  ['VERSION', 'connection.version'],
  ['POLICY', 'policy'],
  ['REGISTERED', 'registeredAt'],
  ['TOKENS TO', 'tokensPulledTo'],
];

interface InviteOptions extends JsonOption {
  readonly name: string;
  readonly policy: string;
}

/** Adds `partner invite|register|list|show|unregister`. */
export function addPartnerCommands(parent: Command, client: ClientOf): void {
  parent
    .command('invite')
    .description('make a TOKEN_A for a partner that will register with us')
    .requiredOption('--name <name>', 'what you call the partner')
    .option('--policy <policy>', 'how it is kept in sync', 'latest')
    .option('--json', 'as JSON')
    .action(async ({ name, policy, json }: InviteOptions) => {
      const invited = (await client().call('POST', '/api/partners/invite', { name, policy })) as {
        partnerId: string;
        tokenA: string;
        versionsUrl: string;
      };
      if (json) {
        write(
          JSON.stringify({ token_a: invited.tokenA, versions_url: invited.versionsUrl, partner_id: invited.partnerId }),
        );
        return;
      }
      write(`Send this to ${name}; the token is shown this once and works until they have registered:`);
      write(`  versions URL  ${invited.versionsUrl}`);
      write(`  TOKEN_A       ${invited.tokenA}`);
    });
  parent
    .command('register')
    .description('register with a partner that gave us its TOKEN_A')
    .requiredOption('--name <name>', 'what you call the partner')
    .requiredOption('--versions-url <url>', "the partner's versions endpoint")
    .requiredOption('--token <token>', 'the TOKEN_A that it gave')
    .option('--policy <policy>', 'how it is kept in sync', 'latest')
    .option('--json', 'as JSON')
    .action(async (options: InviteOptions & { versionsUrl: string; token: string }) => {
      const { name, policy, versionsUrl, token } = options;
      const partner = await client().call('POST', '/api/partners/register', { name, policy, versionsUrl, token });
      show([partner], partnerColumns, options.json ?? false);
    });
  parent
    .command('list')
    .description('list partners')
    .option('--json', 'as JSON, whole objects')
    .action(async ({ json = false }: JsonOption) =>
      show(await listOf(client(), '/api/partners'), partnerColumns, json),
    );
  parent
    .command('show')
    .description('show all that is known of a partner')
    .argument('<id>', 'partner')
    .action(async (id: string) => {
      write(JSON.stringify(await client().call('GET', `/api/partners/${encodeURIComponent(id)}`), null, 2));
    });
  parent
    .command('unregister')
    .description('end the registration with a partner, on both sides')
    .argument('<id>', 'partner')
    .action(async (id: string) => {
      await client().call('DELETE', `/api/partners/${encodeURIComponent(id)}`);
      write(`${id} is unregistered`);
    });
}

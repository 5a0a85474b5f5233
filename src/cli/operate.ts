import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import { loadConfig } from '../config.js';
import { createOperatorClient, RefusedError, type OperatorClient } from './operator-client.js';
import { show, write, type Column } from './output.js';

interface Listing {
  readonly command: string;
  readonly path: string;
  readonly what: string;
  readonly columns: readonly Column[];
}

/** `roambridge X list`: what each shows. */
const listings: readonly Listing[] = [
  {
    command: 'location',
    path: '/api/locations',
    what: 'locations and the status of their EVSEs',
    columns: [
      ['ID', 'id'],
      ['NAME', 'name'],
      ['CITY', 'city'],
      ['EVSES', 'evses'],
      ['UPDATED', 'last_updated'],
    ],
  },
  {
    command: 'charge-point',
    path: '/api/charge-points',
    what: 'charge points',
    columns: [
      ['ID', 'id'],
      ['CONNECTED', 'connected'],
      ['REGISTRATION', 'registration'],
      ['PROTOCOL', 'protocol'],
      ['VENDOR', 'device.vendor'],
      ['MODEL', 'device.model'],
      ['LOCATION', 'locationId'],
      ['EVSES', 'evses'],
      ['BOOTED', 'bootedAt'],
    ],
  },
  {
    command: 'tariff',
    path: '/api/tariffs',
    what: 'tariffs',
    columns: [
      ['ID', 'id'],
      ['CURRENCY', 'currency'],
      ['TYPE', 'type'],
      ['ELEMENTS', 'elements.length'],
      ['REMOVED', 'removed'],
      ['UPDATED', 'last_updated'],
    ],
  },
  {
    command: 'token',
    path: '/api/tokens',
    what: "partners' tokens",
    columns: [
      ['UID', 'uid'],
      ['TYPE', 'type'],
      ['PARTY', 'party_id'],
      ['CONTRACT', 'contract_id'],
      ['VALID', 'valid'],
      ['WHITELIST', 'whitelist'],
      ['UPDATED', 'last_updated'],
    ],
  },
  {
    command: 'session',
    path: '/api/sessions',
    what: 'sessions',
    columns: [
      ['ID', 'id'],
      ['STATUS', 'status'],
      ['CHARGE POINT', 'chargePointId'],
      ['EVSE', 'place.evse.uid'],
      ['WH', 'energyWh'],
      ['COST', 'totalCost.beforeTaxes'],
      ['STARTED', 'startedAt'],
      ['ENDED', 'endedAt'],
      ['ANOMALIES', 'anomalies'],
    ],
  },
  {
    command: 'cdr',
    path: '/api/cdrs',
    what: 'CDRs',
    columns: [
      ['ID', 'id'],
      ['SESSION', 'sessionId'],
      ['WH', 'usage.energyWh'],
      ['COST', 'bill.total.beforeTaxes'],
      ['CURRENCY', 'currency'],
      ['ENDED', 'endedAt'],
      ['DELIVERED', 'delivery.delivered'],
      ['PARKED', 'delivery.parked.reason'],
    ],
  },
];

const partnerColumns: readonly Column[] = [
  ['ID', 'id'],
  ['NAME', 'name'],
  ['STATUS', 'status'],
  ['VERSION', 'connection.version'],
  ['POLICY', 'policy'],
  ['REGISTERED', 'registeredAt'],
  ['TOKENS TO', 'tokensPulledTo'],
];

interface JsonOption {
  readonly json?: boolean;
}

/** Adds the commands that talk to a running bridge. */
export function addOperatorCommands(program: Command, configFile: () => string | undefined): void {
  const client = (): OperatorClient => createOperatorClient(loadConfig(process.env, configFile()));
  const group = new Map<string, Command>();
  for (const { command, path, what, columns } of listings) {
    const parent = program.command(command).description(what);
    group.set(command, parent);
    parent
      .command('list')
      .description(`list ${what}`)
      .option('--json', 'as JSON, whole objects')
      .option('--limit <n>', 'at most so many', '1000')
      .option('--offset <n>', 'leave out so many, oldest first', '0')
      .action(async (options: JsonOption & { limit: string; offset: string }) => {
        const query = new URLSearchParams({ limit: options.limit, offset: options.offset });
        show(await listOf(client(), `${path}?${query}`), columns, options.json ?? false);
      });
  }
  const chargePoint = group.get('charge-point');
  if (chargePoint) addChargePointCommands(chargePoint, client);
  addPartnerCommands(program.command('partner').description('roaming partners'), client);
  addDeliveryCommands(program.command('deliveries').description('what partners have yet to get'), client);
  addImport(program, client);
}

async function listOf(client: OperatorClient, path: string): Promise<readonly unknown[]> {
  const data = await client.call('GET', path);
  if (!Array.isArray(data)) throw new RefusedError('the bridge gave no list');
  return data;
}

function addChargePointCommands(parent: Command, client: () => OperatorClient): void {
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
      const result = await client().call('POST', `/api/charge-points/${encodeURIComponent(id)}/password`, { password });
      write(json ? JSON.stringify(result) : (result as { password: string }).password);
    });
}

interface InviteOptions extends JsonOption {
  readonly name: string;
  readonly policy: string;
}

function addPartnerCommands(parent: Command, client: () => OperatorClient): void {
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

function addDeliveryCommands(parent: Command, client: () => OperatorClient): void {
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

interface ImportOptions extends JsonOption {
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

function addImport(program: Command, client: () => OperatorClient): void {
  program
    .command('import')
    .description('bring tariffs, locations and charge points in line with a site file (YAML or JSON)')
    .argument('<file>', 'site file')
    .option('--dry-run', 'say what would change, change nothing')
    .option('--prune', 'remove what is not in the file')
    .option('--json', 'as JSON')
    .action(async (file: string, { dryRun = false, prune = false, json = false }: ImportOptions) => {
      const query = new URLSearchParams({ dryRun: String(dryRun), prune: String(prune) });
      const report = await client().call('POST', `/api/import?${query}`, readSiteFile(file));
      if (json) write(JSON.stringify(report, null, 2));
      else showReport(report as ImportReport, dryRun);
    });
}

interface ImportReport {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly unchanged: number;
  readonly missing: readonly string[];
  readonly removed: readonly string[];
}

function showReport(report: ImportReport, dryRun: boolean): void {
  const lines = (what: string, items: readonly string[]): void =>
    items.forEach((item) => write(`${what.padEnd(8)} ${item}`));
  lines('create', report.created);
  lines('update', report.updated);
  lines('remove', report.removed);
  lines('missing', report.missing);
  write(`${report.unchanged} unchanged${dryRun ? '; dry run: nothing was changed' : ''}`);
  if (report.missing.length > 0) write('What is missing in the file was kept; --prune removes it.');
}

function readSiteFile(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new RefusedError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

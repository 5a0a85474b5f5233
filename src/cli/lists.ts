import type { Command } from 'commander';
import { show, type Column } from './output.js';
import { listOf, type ClientOf, type JsonOption } from './shared.js';

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

/** Adds `X list` for all kinds of objects; returns the command of each kind, for more to be added. */
export function addLists(program: Command, client: ClientOf): ReadonlyMap<string, Command> {
  const groups = new Map<string, Command>();
  for (const { command, path, what, columns } of listings) {
    const parent = program.command(command).description(what);
    groups.set(command, parent);
    parent
      .command('list')
      .description(`list ${what}`)
      .option('--json', 'as JSON, whole objects')
      .option('--limit <n>', 'at most so many', '1000')
      .option('--offset <n>', 'leave out so many, oldest first', '0')
      .action(async ({ json = false, limit, offset }: JsonOption & { limit: string; offset: string }) => {
        const query = new URLSearchParams({ limit, offset }).toString();
        show(await listOf(client(), `${path}?${query}`), columns, json);
      });
  }
  return groups;
}

import type { Command } from 'commander';
import type { ChargePoint } from '../domain/charge-point.js';
import type { DeviceNotice, DeviceVariable } from '../domain/device.js';
import { show, write } from './output.js';
import { chargePointPath, type ClientOf, type JsonOption } from './shared.js';

/** What people see of the notices; all of them are in the JSON. */
const NEWEST = 10;

/** What the operator API says of a charge point, beside its secrets. */
type Shown = Omit<ChargePoint, 'passwordHash' | 'grants' | 'security'> & { readonly connected: boolean };

/** Adds `charge-point show`. */
export function addChargePointShow(parent: Command, client: ClientOf): void {
  parent
    .command('show')
    .description('all that is known of a charge point: device, connectors, deviations, notices, variables')
    .argument('<id>', 'charge point')
    .option('--json', 'as JSON')
    .action(async (id: string, { json = false }: JsonOption) => {
      const operator = client();
      const path = chargePointPath(id);
      const [chargePoint, notices, variables] = (await Promise.all([
        operator.call('GET', path),
        operator.call('GET', `${path}/notices`),
        operator.call('GET', `${path}/variables`),
      ])) as [Shown, DeviceNotice[], DeviceVariable[]];
      if (json) write(JSON.stringify({ ...chargePoint, notices, variables }, null, 2));
      else showAll(chargePoint, notices, variables);
    });
}

function showAll(chargePoint: Shown, notices: readonly DeviceNotice[], variables: readonly DeviceVariable[]): void {
  const { device, evses, connectors, deviations = {} } = chargePoint;
  facts([
    ['charge point', chargePoint.id],
    ['connected', chargePoint.connected ? 'yes' : 'no'],
    ['registration', chargePoint.registration],
    ['protocol', chargePoint.protocol],
    ['location', chargePoint.locationId],
    ['vendor', device?.vendor],
    ['model', device?.model],
    ['serial number', device?.serialNumber],
    ['firmware', device?.firmwareVersion],
    ['booted', chargePoint.bootedAt],
    ['last seen', chargePoint.lastSeenAt],
  ]);
  section(
    'CONNECTOR',
    [...new Set([...Object.keys(evses), ...Object.keys(connectors)])].map((name) => ({
      name,
      evse: evses[name],
      ...connectors[name],
    })),
    [
      ['EVSE', 'evse'],
      ['STATE', 'state'],
      ['SINCE', 'at'],
      ['ERROR', 'errorCode'],
    ],
  );
  section(
    'DEVIATION',
    Object.entries(deviations).map(([name, since]) => ({ name, since })),
    [['SINCE', 'since']],
  );
  section(
    'NOTICE',
    notices.slice(-NEWEST).map(({ what, at, data }) => ({ name: what, at, data })),
    [
      ['AT', 'at'],
      ['SAYS', 'data'],
    ],
  );
  section('VARIABLE', variables, [
    ['ATTRIBUTE', 'attribute'],
    ['VALUE', 'value'],
    ['UNIT', 'unit'],
  ]);
}

const facts = (rows: readonly (readonly [string, string | undefined])[]): void =>
  rows.forEach(([name, value]) => {
    if (value !== undefined) write(`${name.padEnd(13)}  ${value}`);
  });

/** A table below an empty line; nothing when it would have no rows. */
function section(head: string, rows: readonly object[], columns: readonly (readonly [string, string])[]): void {
  if (rows.length === 0) return;
  write('');
  show(rows, [[head, 'name'], ...columns], false);
}

import type { Command } from 'commander';
import { loadConfig } from '../config.js';
import { addChargePointOrders } from './charge-point-orders.js';
import { addChargePointShow } from './charge-point-show.js';
import { addChargePointCommands } from './charge-points.js';
import { addDeliveryCommands } from './deliveries.js';
import { addImport } from './import.js';
import { addLists } from './lists.js';
import { createOperatorClient } from './operator-client.js';
import { addPartnerCommands } from './partners.js';
import type { ClientOf } from './shared.js';

/** Adds the commands that talk to a running bridge. */
export function addOperatorCommands(program: Command, configFile: () => string | undefined): void {
  const client: ClientOf = () => createOperatorClient(loadConfig(process.env, configFile()));
  addImport(program, client);
  addPartnerCommands(program.command('partner').description('roaming partners'), client);
  const lists = addLists(program, client);
  const chargePoint = lists.get('charge-point');
  if (chargePoint) {
    addChargePointCommands(chargePoint, client);
    addChargePointShow(chargePoint, client);
    addChargePointOrders(chargePoint, client);
  }
  addDeliveryCommands(program.command('deliveries').description('what partners have yet to get'), client);
}

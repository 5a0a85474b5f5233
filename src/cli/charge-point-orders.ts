import { Argument, type Command } from 'commander';
import type { CommandOutcome } from '../domain/command.js';
import { RefusedError } from './operator-client.js';
import { orders, type Order } from './orders.js';
import { write } from './output.js';
import { chargePointPath, type ClientOf } from './shared.js';

const done: ReadonlySet<CommandOutcome['status']> = new Set(['accepted', 'scheduled']);

/** Adds every order that an operator can give to a charge point. */
export function addChargePointOrders(parent: Command, client: ClientOf): void {
  const groups = new Map<string, Command>();
  const groupOf = (name: string): Command => {
    const group = groups.get(name) ?? parent.command(name).description(`its ${name}`);
    groups.set(name, group);
    return group;
  };
  for (const order of orders) {
    const [first = '', second] = order.name.split(' ');
    addOrder(second === undefined ? parent.command(first) : groupOf(first).command(second), order, client);
  }
}

function addOrder(command: Command, order: Order, client: ClientOf): void {
  command.description(order.what);
  command.addArgument(new Argument('<id>', 'charge point'));
  for (const argument of order.args) command.addArgument(argument);
  for (const option of order.options) command.addOption(option);
  command.option('--json', 'the whole outcome as JSON');
  command.action(async () => {
    const [id, ...values] = command.processedArgs as [string, ...unknown[]];
    const { json = false, ...options } = command.opts<{ json?: boolean }>();
    const args = Object.fromEntries(order.args.map((argument, index) => [argument.name(), values[index]]));
    const outcome = (await client().call(
      'POST',
      `${chargePointPath(id)}/commands`,
      order.command({ ...options, ...args }),
    )) as CommandOutcome;
    if (json) write(JSON.stringify(outcome));
    else if (outcome.answer !== undefined) write(JSON.stringify(outcome.answer, null, 2));
    if (!done.has(outcome.status)) {
      throw new RefusedError([outcome.status, outcome.message].filter(Boolean).join(': '));
    }
  });
}

import type { ChargePointCommand, CommandOutcome } from '../../src/domain/command.js';
import type { OutboundRequest } from '../adapter.js';
import type { Commands } from './messages.js';
import { outcomeOf } from './outcomes.js';
import { faultOf, readResponse } from './schemas.js';

/** What becomes of a command: a request, or at once the outcome of one that can't be sent. */
export type Prepared = OutboundRequest | { readonly outcome: CommandOutcome };

/** How commands of some types are asked. */
export type Preparations<T extends ChargePointCommand['type']> = {
  readonly [K in T]: (command: Extract<ChargePointCommand, { type: K }>) => Prepared;
};

export const refused = (status: CommandOutcome['status'], message: string): Prepared => ({
  outcome: { status, message },
});

/** A request of ours; `invalid` with the reason when the command's content breaks the schema. */
export function ask<A extends keyof Commands>(action: A, payload: Commands[A]): Prepared {
  return askChecked(action, payload, 'lenient');
}

/** A request that somebody wrote by hand: not even what charge points take is let through against the schema. */
export const askStrictly = (action: keyof Commands, payload: object): Prepared => askChecked(action, payload, 'strict');

function askChecked(action: keyof Commands, payload: object, how: 'lenient' | 'strict'): Prepared {
  const fault = faultOf(action, payload, how);
  if (fault !== undefined) return refused('invalid', `${action}: ${fault}`);
  return {
    action,
    payload,
    read(received, peer) {
      const read = readResponse(action, received, peer);
      return 'answer' in read
        ? outcomeOf(action, read.answer)
        : { status: 'failed', message: `${action}: the answer can't be read: ${read.reason}` };
    },
  };
}

/** Connectors and transactions are numbers in OCPP 1.6; an id that is none names nothing here. */
export function withNumbers<K extends string, T extends string | undefined>(
  ids: Record<K, T>,
  prepare: (numbers: Record<K, number | Extract<T, undefined>>) => Prepared,
): Prepared {
  const numbers = Object.entries<string | undefined>(ids).map(([name, text]) => [name, numberOf(text)] as const);
  const wrong = numbers.find(([, number]) => Number.isNaN(number));
  if (wrong) return refused('invalid', `OCPP 1.6 has no such ${wrong[0]}`);
  return prepare(Object.fromEntries(numbers) as Record<K, number | Extract<T, undefined>>);
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : NaN;
}

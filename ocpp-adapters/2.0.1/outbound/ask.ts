import type { ChargePointCommand, CommandOutcome } from '../../../src/domain/command.js';
import type { Commands } from '../messages.js';

/** What becomes of a command: a message of ours, or at once the outcome of one that can't be sent. */
export type Prepared = { readonly action: string; readonly payload: object } | { readonly outcome: CommandOutcome };

/** How commands of some types are asked. */
export type Preparations<T extends ChargePointCommand['type']> = {
  readonly [K in T]: (command: Extract<ChargePointCommand, { type: K }>) => Prepared;
};

export const ask = <A extends keyof Commands>(action: A, payload: Commands[A]): Prepared => ({ action, payload });

export const refused = (status: CommandOutcome['status'], message: string): { readonly outcome: CommandOutcome } => ({
  outcome: { status, message },
});

/** EVSEs are numbers in OCPP 2.x; an id that is none names nothing here. */
export function withEvse(connector: string, prepare: (evseId: number) => Prepared): Prepared {
  return /^\d{1,9}$/.test(connector) ? prepare(Number(connector)) : refused('invalid', `there is no EVSE ${connector}`);
}

/** The same where no EVSE may be named. */
export const withAnyEvse = (
  connector: string | undefined,
  prepare: (evseId: number | undefined) => Prepared,
): Prepared => (connector === undefined ? prepare(undefined) : withEvse(connector, prepare));

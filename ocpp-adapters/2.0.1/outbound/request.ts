import type { ChargePointCommand, CommandOutcome } from '../../../src/domain/command.js';
import { type OutboundRequest, RpcError } from '../../adapter.js';
import type { Messages } from '../schemas.js';
import { type Preparations, type Prepared, refused } from './ask.js';
import { certificates } from './certificates.js';
import { chargingProfiles } from './charging-profiles.js';
import { display } from './display.js';
import type { Outcomes } from './outcomes.js';
import { provisioning } from './provisioning.js';
import { remoteControl } from './remote-control.js';
import { tokens } from './tokens.js';

/** How each command is asked in OCPP 2.x, but for those that name their action themselves. */
const preparations: Preparations<Exclude<ChargePointCommand['type'], 'call'>> = {
  ...certificates,
  ...chargingProfiles,
  ...display,
  ...provisioning,
  ...remoteControl,
  ...tokens,
};

interface Speech {
  readonly name: string;
  readonly messages: Messages;
  /** By action: all that we may call. */
  readonly outcomes: Outcomes;
}

/** Makes requests of commands; `invalid` with the reason when the command's content breaks the schema. */
export const createRequest =
  (of: Speech) =>
  (command: ChargePointCommand): OutboundRequest | { readonly outcome: CommandOutcome } => {
    const prepared = prepare(command, of);
    if ('outcome' in prepared) return prepared;
    const { action, payload } = prepared;
    const fault = of.messages.faultOf(action, payload);
    if (fault !== undefined) return refused('invalid', `${action}: ${fault}`);
    return {
      action,
      payload,
      read(received, peer) {
        const answer = of.messages.readResponse(action, received, peer);
        return answer instanceof RpcError ? answer : outcomeOf(action, answer, of.outcomes);
      },
    };
  };

function prepare(command: ChargePointCommand, { name, messages, outcomes }: Speech): Prepared {
  if (command.type !== 'call') {
    const prepareIt = preparations[command.type] as (command: ChargePointCommand) => Prepared;
    return prepareIt(command);
  }
  const { action, payload } = command;
  if (Object.hasOwn(outcomes, action)) return { action, payload };
  return refused(
    'invalid',
    messages.has(action) ? `${action} goes from charging stations to us` : `${name} has no action ${action}`,
  );
}

/** The outcome of a command by the charging station's answer; its own word is in the message when it is no yes. */
function outcomeOf(action: string, answer: object, outcomes: Outcomes): CommandOutcome {
  const meaning = outcomes[action] as (answer: object) => CommandOutcome['status'];
  const status = meaning(answer);
  const word = 'status' in answer ? String(answer.status) : JSON.stringify(answer);
  return { status, answer, ...(status !== 'accepted' && { message: `${action}: ${word}` }) };
}

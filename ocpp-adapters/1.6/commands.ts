import type * as messages from 'typed-ocpp/dist/ocpp16/types.js';
import type { ChargePointCommand, CommandOutcome } from '../../src/domain/command.js';
import type { OutboundRequest } from '../adapter.js';
import { readResponse, type Responses } from './schemas.js';

type Status = CommandOutcome['status'];
type StatusOf<A extends keyof Responses> = Responses[A] extends { status: infer S extends string } ? S : never;
type StatusTable<A extends keyof Responses> = Readonly<Record<StatusOf<A>, Status>>;

/** What each answer means. */
const yesOrNo = { Accepted: 'accepted', Rejected: 'rejected' } as const satisfies Readonly<Record<string, Status>>;
const statuses: { readonly [A in Exclude<keyof Responses, 'GetConfiguration'>]: StatusTable<A> } = {
  ChangeAvailability: { ...yesOrNo, Scheduled: 'scheduled' },
  ChangeConfiguration: { ...yesOrNo, RebootRequired: 'accepted', NotSupported: 'not-supported' },
  ClearCache: yesOrNo,
  DataTransfer: { ...yesOrNo, UnknownMessageId: 'not-supported', UnknownVendorId: 'not-supported' },
  RemoteStartTransaction: yesOrNo,
  RemoteStopTransaction: yesOrNo,
  Reset: yesOrNo,
  TriggerMessage: { ...yesOrNo, NotImplemented: 'not-supported' },
  UnlockConnector: { Unlocked: 'accepted', UnlockFailed: 'failed', NotSupported: 'not-supported' },
};

type Prepared = OutboundRequest | { readonly outcome: CommandOutcome };

/** How each command is asked in OCPP 1.6 (§5). */
const requests: {
  readonly [T in ChargePointCommand['type']]: (command: Extract<ChargePointCommand, { type: T }>) => Prepared;
} = {
  remoteStart: ({ idTag, connector }) =>
    withNumbers({ connectorId: connector }, ({ connectorId }) => {
      const payload: messages.RemoteStartTransactionRequest = {
        idTag,
        ...(connectorId !== undefined && { connectorId }),
      };
      return ask('RemoteStartTransaction', payload);
    }),
  remoteStop: ({ transactionId }) => withNumbers({ transactionId }, (numbers) => ask('RemoteStopTransaction', numbers)),
  unlockConnector: ({ connector }) =>
    withNumbers({ connectorId: connector }, (numbers) => ask('UnlockConnector', numbers)),
  reset: ({ hard }) => {
    const payload: messages.ResetRequest = { type: hard ? 'Hard' : 'Soft' };
    return ask('Reset', payload);
  },
  changeAvailability: ({ connector, operative }) =>
    withNumbers({ connectorId: connector }, (numbers) =>
      ask('ChangeAvailability', { ...numbers, type: operative ? 'Operative' : 'Inoperative' }),
    ),
  getConfiguration: ({ keys }) => {
    // no keys means all of them (OCPP 1.6 §5.7)
    const payload: messages.GetConfigurationRequest = keys.length > 0 ? { key: [...keys] } : {};
    return ask('GetConfiguration', payload);
  },
  changeConfiguration: ({ key, value }) => ask('ChangeConfiguration', { key, value }),
  clearCache: () => ask('ClearCache', {}),
  trigger: ({ message, connector }) => {
    if (!isTriggerable(message)) return refused('not-supported', `OCPP 1.6 can't trigger ${message}`);
    return withNumbers({ connectorId: connector }, ({ connectorId }) => {
      const payload: messages.TriggerMessageRequest = {
        requestedMessage: message,
        ...(connectorId !== undefined && { connectorId }),
      };
      return ask('TriggerMessage', payload);
    });
  },
  dataTransfer: ({ vendorId, messageId, data }) => {
    const payload: messages.DataTransferRequest = {
      vendorId,
      ...(messageId !== undefined && { messageId }),
      ...(data !== undefined && { data }),
    };
    return ask('DataTransfer', payload);
  },
};

/** The request for a command, or the outcome of one that OCPP 1.6 has no words for. */
export function request(command: ChargePointCommand): Prepared {
  const prepare = requests[command.type] as (command: ChargePointCommand) => Prepared;
  return prepare(command);
}

function ask(action: keyof Responses, payload: object): OutboundRequest {
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

function outcomeOf(action: keyof Responses, answer: Responses[keyof Responses]): CommandOutcome {
  if (action === 'GetConfiguration' || !('status' in answer)) return { status: 'accepted', answer };
  const table: Readonly<Partial<Record<string, Status>>> = statuses[action];
  const status = table[answer.status] ?? 'failed';
  return { status, answer, ...(status !== 'accepted' && { message: `${action}: ${answer.status}` }) };
}

const refused = (status: Status, message: string): Prepared => ({ outcome: { status, message } });

/** Connectors and transactions are numbers in OCPP 1.6; an id that is none names nothing here. */
function withNumbers<K extends string, T extends string | undefined>(
  ids: Record<K, T>,
  prepare: (numbers: Record<K, number | Extract<T, undefined>>) => Prepared,
): Prepared {
  const numbers = Object.entries<string | undefined>(ids).map(([name, text]) => [name, numberOf(text)] as const);
  const wrong = numbers.find(([, number]) => Number.isNaN(number));
  if (wrong) return refused('failed', `OCPP 1.6 has no such ${wrong[0]}`);
  return prepare(Object.fromEntries(numbers) as Record<K, number | Extract<T, undefined>>);
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : NaN;
}

const triggerable: readonly string[] = [
  'BootNotification',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'MeterValues',
  'StatusNotification',
] satisfies readonly messages.TriggerMessageRequest['requestedMessage'][];

const isTriggerable = (message: string): message is messages.TriggerMessageRequest['requestedMessage'] =>
  triggerable.includes(message);

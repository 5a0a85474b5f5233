import type { CommandHandler, Payload } from '../../src/demo/ocpp-client.js';

const accepted: CommandHandler = () => ({ status: 'Accepted' });

/** What the simulated charging station answers to each action (OCPP 2.0.1 part 2) unless it is told otherwise. */
export function createStationHandlers(station: {
  readonly evses: number;
  /** Called after a TriggerMessage was answered. */
  readonly trigger: (message: string, evse: number) => void;
}): Map<string, CommandHandler> {
  const variables = new Map<string, string>([
    ['OCPPCommCtrlr.HeartbeatInterval', '300'],
    ['SampledDataCtrlr.TxUpdatedInterval', '60'],
  ]);

  const exists = (evse: unknown): boolean => evse === undefined || (Number(evse) >= 0 && Number(evse) <= station.evses);
  const ifExists =
    (evseOf: (payload: Payload) => unknown): CommandHandler =>
    (payload) => ({ status: exists(evseOf(payload)) ? 'Accepted' : 'Rejected' });
  const evseOfEvse = ({ evse }: Payload): unknown => (evse as Payload | undefined)?.['id'];

  const nameOf = (item: Payload): string =>
    `${String((item['component'] as Payload)['name'])}.${String((item['variable'] as Payload)['name'])}`;
  const identity = ({ component, variable }: Payload): Payload => ({ component, variable });

  return new Map<string, CommandHandler>([
    ['RequestStartTransaction', ifExists(({ evseId }) => evseId)],
    ['RequestStopTransaction', accepted],
    ['Reset', accepted],
    ['ClearCache', accepted],
    ['ChangeAvailability', ifExists(evseOfEvse)],
    ['UnlockConnector', ({ evseId }) => ({ status: exists(evseId) ? 'Unlocked' : 'UnknownConnector' })],
    ['DataTransfer', () => ({ status: 'UnknownVendorId' })],
    ['ReserveNow', ifExists(({ evseId }) => evseId)],
    ['CancelReservation', accepted],
    ['SendLocalList', accepted],
    ['GetLocalListVersion', () => ({ versionNumber: 0 })],
    ['GetTransactionStatus', () => ({ ongoingIndicator: false, messagesInQueue: false })],
    ['CostUpdated', () => ({})],
    ['GetBaseReport', accepted],
    [
      'GetVariables',
      ({ getVariableData }) => ({
        getVariableResult: (getVariableData as Payload[]).map((item) => {
          const value = variables.get(nameOf(item));
          return value === undefined
            ? { attributeStatus: 'UnknownVariable', ...identity(item) }
            : { attributeStatus: 'Accepted', attributeValue: value, ...identity(item) };
        }),
      }),
    ],
    [
      'SetVariables',
      ({ setVariableData }) => ({
        setVariableResult: (setVariableData as Payload[]).map((item) => {
          if (!variables.has(nameOf(item))) return { attributeStatus: 'UnknownVariable', ...identity(item) };
          variables.set(nameOf(item), String(item['attributeValue']));
          return { attributeStatus: 'Accepted', ...identity(item) };
        }),
      }),
    ],
    [
      'TriggerMessage',
      (payload) => {
        const message = String(payload['requestedMessage']);
        if (!triggerable.has(message)) return { status: 'NotImplemented' };
        setImmediate(() => station.trigger(message, Number(evseOfEvse(payload) ?? 1)));
        return { status: 'Accepted' };
      },
    ],
  ]);
}

const triggerable: ReadonlySet<string> = new Set(['BootNotification', 'Heartbeat', 'StatusNotification']);

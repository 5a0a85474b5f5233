import type { ChargePointCommand } from '../../src/domain/command.js';
import { given } from '../given.js';
import { ask, askStrictly, type Preparations, type Prepared, refused, withNumbers } from './ask.js';
import { maintenance } from './maintenance.js';
import { isOutbound } from './outcomes.js';
import { isStandardAction } from './schemas.js';
import { smartCharging } from './smart-charging.js';

type Maintenance = keyof typeof maintenance;
type SmartCharging = keyof typeof smartCharging;
type Others = Exclude<ChargePointCommand['type'], Maintenance | SmartCharging>;

const lacks = (what: string) => (): Prepared => refused('not-supported', `OCPP 1.6 has no ${what}`);

/** Core, Reservation, Local Auth List and Remote Trigger profiles, and what OCPP 1.6 has no words for. */
const others: Preparations<Others> = {
  remoteStart: ({ idTag, connector }) =>
    withNumbers({ connectorId: connector }, (numbers) => ask('RemoteStartTransaction', given({ idTag, ...numbers }))),
  remoteStop: ({ transactionId }) => withNumbers({ transactionId }, (numbers) => ask('RemoteStopTransaction', numbers)),
  unlockConnector: ({ connector }) =>
    withNumbers({ connectorId: connector }, (numbers) => ask('UnlockConnector', numbers)),
  reset: ({ hard }) => ask('Reset', { type: hard ? 'Hard' : 'Soft' }),
  changeAvailability: ({ connector, operative }) =>
    withNumbers({ connectorId: connector }, (numbers) =>
      ask('ChangeAvailability', { ...numbers, type: operative ? 'Operative' : 'Inoperative' }),
    ),
  // no keys means all of them (OCPP 1.6 §5.7)
  getConfiguration: ({ keys }) => ask('GetConfiguration', keys.length > 0 ? { key: [...keys] } : {}),
  changeConfiguration: ({ key, value }) => ask('ChangeConfiguration', { key, value }),
  clearCache: () => ask('ClearCache', {}),
  trigger: ({ message, connector }) =>
    withNumbers({ connectorId: connector }, ({ connectorId }) => {
      if (isBasicTrigger(message)) return ask('TriggerMessage', given({ requestedMessage: message, connectorId }));
      if (isExtendedTrigger(message)) {
        return ask('ExtendedTriggerMessage', given({ requestedMessage: message, connectorId }));
      }
      return refused('not-supported', `OCPP 1.6 can't trigger ${message}`);
    }),
  dataTransfer: ({ vendorId, messageId, data }) => ask('DataTransfer', given({ vendorId, messageId, data })),
  // connector 0: whichever is free (OCPP 1.6 §5.13)
  reserveNow: ({ reservationId, idTag, groupIdTag, connector = '0', expiresAt }) =>
    withNumbers({ connectorId: connector }, ({ connectorId }) =>
      ask('ReserveNow', given({ connectorId, expiryDate: expiresAt, idTag, parentIdTag: groupIdTag, reservationId })),
    ),
  cancelReservation: ({ reservationId }) => ask('CancelReservation', { reservationId }),
  getLocalListVersion: () => ask('GetLocalListVersion', {}),
  sendLocalList: ({ version, full, entries }) =>
    ask('SendLocalList', {
      listVersion: version,
      updateType: full ? 'Full' : 'Differential',
      localAuthorizationList: entries.map(({ idTag, status, expiresAt, groupIdTag }) => ({
        idTag,
        ...(status && { idTagInfo: given({ status, expiryDate: expiresAt, parentIdTag: groupIdTag }) }),
      })),
    }),
  setDisplayMessage: lacks('display messages'),
  getDisplayMessages: lacks('display messages'),
  clearDisplayMessage: lacks('display messages'),
  getReport: lacks('device model'),
  getTransactionStatus: lacks('way to ask for a transaction'),
  costUpdated: lacks('message for costs'),
  call: ({ action, payload }) => {
    if (isOutbound(action)) return askStrictly(action, payload);
    return refused(
      'invalid',
      isStandardAction(action) ? `${action} goes from charge points to us` : `OCPP 1.6 has no action ${action}`,
    );
  },
};

/** How each command is asked in OCPP 1.6 (§5). */
const requests: Preparations<ChargePointCommand['type']> = { ...others, ...maintenance, ...smartCharging };

/** The request for a command, or the outcome of one that can't be sent. */
export function request(command: ChargePointCommand): Prepared {
  const prepare = requests[command.type] as (command: ChargePointCommand) => Prepared;
  return prepare(command);
}

const basicTriggers = [
  'BootNotification',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'MeterValues',
  'StatusNotification',
] as const;

/** Those that only the security whitepaper knows (§4.1.1): every charge point takes the others in TriggerMessage. */
const extendedTriggers = ['LogStatusNotification', 'SignChargePointCertificate'] as const;

const isBasicTrigger = (message: string): message is (typeof basicTriggers)[number] =>
  (basicTriggers as readonly string[]).includes(message);

const isExtendedTrigger = (message: string): message is (typeof extendedTriggers)[number] =>
  (extendedTriggers as readonly string[]).includes(message);

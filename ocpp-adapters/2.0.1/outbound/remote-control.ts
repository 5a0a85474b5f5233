import { randomInt } from 'node:crypto';
import type { MessageTriggerEnumType } from 'typed-ocpp/dist/ocpp20/types.js';
import { given } from '../../given.js';
import { ask, type Preparations, refused, withAnyEvse, withEvse } from './ask.js';
import { driverOf, idTokenOf } from './tokens.js';

/** A request id that nobody gave. */
export const newRequestId = (): number => randomInt(1, 2 ** 31);

/** Remote control, availability and transactions (OCPP 2.0.1 §E, §F, §G, §H, §I). */
export const remoteControl: Preparations<
  | 'remoteStart'
  | 'remoteStop'
  | 'unlockConnector'
  | 'reset'
  | 'changeAvailability'
  | 'trigger'
  | 'reserveNow'
  | 'getTransactionStatus'
  | 'costUpdated'
> = {
  remoteStart: ({ idTag, connector, remoteStartId = newRequestId() }) =>
    withAnyEvse(connector, (evseId) =>
      ask('RequestStartTransaction', { ...given({ evseId }), remoteStartId, idToken: idTokenOf(idTag) }),
    ),
  remoteStop: ({ transactionId }) => ask('RequestStopTransaction', { transactionId }),
  unlockConnector: ({ connector }) =>
    withEvse(connector, (evseId) => ask('UnlockConnector', { evseId, connectorId: THE_CONNECTOR })),
  reset: ({ hard }) => ask('Reset', { type: hard ? 'Immediate' : 'OnIdle' }),
  changeAvailability: ({ connector, operative }) =>
    withEvse(connector, (evseId) =>
      // EVSE 0 is the charging station: it is meant when none is named (§G03)
      ask('ChangeAvailability', {
        operationalStatus: operative ? 'Operative' : 'Inoperative',
        ...(evseId > 0 && { evse: { id: evseId } }),
      }),
    ),
  trigger: ({ message, connector }) => {
    const requestedMessage = triggerOf(message);
    if (!requestedMessage) return refused('not-supported', `OCPP 2.x can't trigger ${message}`);
    return withAnyEvse(connector, (evseId) =>
      ask('TriggerMessage', {
        requestedMessage,
        ...(evseId !== undefined && {
          // a status is one of a connector (§F06.FR.12)
          evse: { id: evseId, ...(requestedMessage === 'StatusNotification' && { connectorId: THE_CONNECTOR }) },
        }),
      }),
    );
  },
  reserveNow: ({ reservationId, idTag, groupIdTag, connector, expiresAt }) =>
    withAnyEvse(connector, (evseId) =>
      ask('ReserveNow', {
        id: reservationId,
        expiryDateTime: expiresAt,
        ...driverOf(idTag, groupIdTag),
        ...given({ evseId }),
      }),
    ),
  getTransactionStatus: ({ transactionId }) => ask('GetTransactionStatus', { transactionId }),
  costUpdated: ({ transactionId, totalCost }) => ask('CostUpdated', { transactionId, totalCost }),
};

/** An EVSE has its cable or socket in use as connector 1 wherever it has one alone. */
const THE_CONNECTOR = 1;

const triggerable: readonly string[] = [
  'BootNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'LogStatusNotification',
  'MeterValues',
  'PublishFirmwareStatusNotification',
  'SignChargingStationCertificate',
  'SignCombinedCertificate',
  'SignV2GCertificate',
  'StatusNotification',
  'TransactionEvent',
] satisfies readonly MessageTriggerEnumType[];

/** What OCPP 1.6 calls by another name. */
const names16: Readonly<Record<string, MessageTriggerEnumType>> = {
  DiagnosticsStatusNotification: 'LogStatusNotification',
  SignChargePointCertificate: 'SignChargingStationCertificate',
};

const isTriggerable = (message: string): message is MessageTriggerEnumType => triggerable.includes(message);

const triggerOf = (message: string): MessageTriggerEnumType | undefined =>
  isTriggerable(message) ? message : names16[message];

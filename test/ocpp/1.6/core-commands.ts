import type { ChargePointCommand, CommandOutcome } from '../../../src/domain/command.js';

export interface CommandCase {
  readonly command: ChargePointCommand;
  readonly action: string;
  readonly payload: object;
  /** Each answer of the charge point and the outcome's status. */
  readonly answers: readonly (readonly [object, CommandOutcome['status']])[];
}

export const acceptedOrRejected = [
  [{ status: 'Accepted' }, 'accepted'],
  [{ status: 'Rejected' }, 'rejected'],
] as const;

/** Core and Remote Trigger profiles (OCPP 1.6 §5). */
export const coreCommands: readonly CommandCase[] = [
  {
    command: { type: 'remoteStart', idTag: 'A-TAG-LONGER-THAN-TWENTY', connector: '2' },
    action: 'RemoteStartTransaction',
    payload: { idTag: 'A-TAG-LONGER-THAN-TWENTY', connectorId: 2 },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'remoteStart', idTag: 'TAG' },
    action: 'RemoteStartTransaction',
    payload: { idTag: 'TAG' },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'remoteStop', transactionId: '7' },
    action: 'RemoteStopTransaction',
    payload: { transactionId: 7 },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'unlockConnector', connector: '1' },
    action: 'UnlockConnector',
    payload: { connectorId: 1 },
    answers: [
      [{ status: 'Unlocked' }, 'accepted'],
      [{ status: 'UnlockFailed' }, 'failed'],
      [{ status: 'NotSupported' }, 'not-supported'],
    ],
  },
  { command: { type: 'reset', hard: true }, action: 'Reset', payload: { type: 'Hard' }, answers: acceptedOrRejected },
  { command: { type: 'reset', hard: false }, action: 'Reset', payload: { type: 'Soft' }, answers: acceptedOrRejected },
  {
    command: { type: 'changeAvailability', connector: '0', operative: false },
    action: 'ChangeAvailability',
    payload: { connectorId: 0, type: 'Inoperative' },
    answers: [...acceptedOrRejected, [{ status: 'Scheduled' }, 'scheduled']],
  },
  {
    command: { type: 'changeAvailability', connector: '1', operative: true },
    action: 'ChangeAvailability',
    payload: { connectorId: 1, type: 'Operative' },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'getConfiguration', keys: ['HeartbeatInterval', 'X'] },
    action: 'GetConfiguration',
    payload: { key: ['HeartbeatInterval', 'X'] },
    answers: [
      [
        { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }], unknownKey: ['X'] },
        'accepted',
      ],
      [{}, 'accepted'],
    ],
  },
  {
    command: { type: 'getConfiguration', keys: [] },
    action: 'GetConfiguration',
    payload: {},
    answers: [[{}, 'accepted']],
  },
  {
    command: { type: 'changeConfiguration', key: 'HeartbeatInterval', value: '60' },
    action: 'ChangeConfiguration',
    payload: { key: 'HeartbeatInterval', value: '60' },
    answers: [
      ...acceptedOrRejected,
      [{ status: 'RebootRequired' }, 'accepted'],
      [{ status: 'NotSupported' }, 'not-supported'],
    ],
  },
  { command: { type: 'clearCache' }, action: 'ClearCache', payload: {}, answers: acceptedOrRejected },
  {
    command: { type: 'trigger', message: 'StatusNotification', connector: '1' },
    action: 'TriggerMessage',
    payload: { requestedMessage: 'StatusNotification', connectorId: 1 },
    answers: [...acceptedOrRejected, [{ status: 'NotImplemented' }, 'not-supported']],
  },
  {
    command: { type: 'trigger', message: 'BootNotification' },
    action: 'TriggerMessage',
    payload: { requestedMessage: 'BootNotification' },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'dataTransfer', vendorId: 'com.acme', messageId: 'm', data: 'd' },
    action: 'DataTransfer',
    payload: { vendorId: 'com.acme', messageId: 'm', data: 'd' },
    answers: [
      ...acceptedOrRejected,
      [{ status: 'Accepted', data: 'x' }, 'accepted'],
      [{ status: 'UnknownMessageId' }, 'not-supported'],
      [{ status: 'UnknownVendorId' }, 'not-supported'],
    ],
  },
  {
    command: { type: 'dataTransfer', vendorId: 'com.acme' },
    action: 'DataTransfer',
    payload: { vendorId: 'com.acme' },
    answers: acceptedOrRejected,
  },
];

import type { ChargingProfile } from '../../../src/domain/command.js';
import { parseInstant, type Instant } from '../../../src/domain/instant.js';
import { acceptedOrRejected, type CommandCase } from './core-commands.js';

const instant = (text: string): Instant => {
  const parsed = parseInstant(text);
  if (!parsed) throw new Error(text);
  return parsed;
};
const at = instant('2024-05-01T12:00:00.000Z');
const later = instant('2024-05-01T13:00:00.000Z');

const profile: ChargingProfile = {
  id: 5,
  purpose: 'TxProfile',
  stackLevel: 0,
  transactionId: '7',
  unit: 'A',
  periods: [{ startS: 0, limit: 16.19 }],
};
const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '1' } as const;
const url = 'ftp://files.example.com/logs';

/** Profiles beyond Core, and the security extension (OCPP 1.6 §5, security whitepaper §4). */
export const moreCommands: readonly CommandCase[] = [
  {
    command: {
      type: 'reserveNow',
      reservationId: 3,
      idTag: 'TAG',
      groupIdTag: 'GROUP',
      connector: '1',
      expiresAt: at,
    },
    action: 'ReserveNow',
    payload: { connectorId: 1, expiryDate: at, idTag: 'TAG', parentIdTag: 'GROUP', reservationId: 3 },
    answers: [
      ...acceptedOrRejected,
      [{ status: 'Occupied' }, 'occupied'],
      [{ status: 'Faulted' }, 'inoperative'],
      [{ status: 'Unavailable' }, 'inoperative'],
    ],
  },
  {
    command: { type: 'reserveNow', reservationId: 3, idTag: 'TAG', expiresAt: at },
    action: 'ReserveNow',
    payload: { connectorId: 0, expiryDate: at, idTag: 'TAG', reservationId: 3 },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'cancelReservation', reservationId: 3 },
    action: 'CancelReservation',
    payload: { reservationId: 3 },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'getLocalListVersion' },
    action: 'GetLocalListVersion',
    payload: {},
    answers: [
      [{ listVersion: 4 }, 'accepted'],
      [{ listVersion: 0 }, 'accepted'],
      [{ listVersion: -1 }, 'not-supported'],
    ],
  },
  {
    command: {
      type: 'sendLocalList',
      version: 2,
      full: false,
      entries: [{ idTag: 'A', status: 'Accepted', expiresAt: at, groupIdTag: 'G' }, { idTag: 'B' }],
    },
    action: 'SendLocalList',
    payload: {
      listVersion: 2,
      updateType: 'Differential',
      localAuthorizationList: [
        { idTag: 'A', idTagInfo: { status: 'Accepted', expiryDate: at, parentIdTag: 'G' } },
        { idTag: 'B' },
      ],
    },
    answers: [
      [{ status: 'Accepted' }, 'accepted'],
      [{ status: 'Failed' }, 'failed'],
      [{ status: 'NotSupported' }, 'not-supported'],
      [{ status: 'VersionMismatch' }, 'rejected'],
    ],
  },
  {
    command: { type: 'sendLocalList', version: 1, full: true, entries: [] },
    action: 'SendLocalList',
    payload: { listVersion: 1, updateType: 'Full', localAuthorizationList: [] },
    answers: [[{ status: 'Accepted' }, 'accepted']],
  },
  {
    command: { type: 'setChargingProfile', connector: '1', profile },
    action: 'SetChargingProfile',
    payload: {
      connectorId: 1,
      csChargingProfiles: {
        chargingProfileId: 5,
        transactionId: 7,
        stackLevel: 0,
        chargingProfilePurpose: 'TxProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.1 }] },
      },
    },
    answers: [...acceptedOrRejected, [{ status: 'NotSupported' }, 'not-supported']],
  },
  {
    command: {
      type: 'setChargingProfile',
      connector: '0',
      profile: {
        id: 6,
        purpose: 'ChargePointMaxProfile',
        stackLevel: 1,
        unit: 'W',
        startsAt: at,
        durationS: 3600,
        minRate: 4140,
        periods: [
          { startS: 0, limit: 22_080, phases: 3 },
          { startS: 1800, limit: 0.3 },
        ],
      },
    },
    action: 'SetChargingProfile',
    payload: {
      connectorId: 0,
      csChargingProfiles: {
        chargingProfileId: 6,
        stackLevel: 1,
        chargingProfilePurpose: 'ChargePointMaxProfile',
        chargingProfileKind: 'Absolute',
        chargingSchedule: {
          duration: 3600,
          startSchedule: at,
          chargingRateUnit: 'W',
          chargingSchedulePeriod: [
            { startPeriod: 0, limit: 22_080, numberPhases: 3 },
            { startPeriod: 1800, limit: 0.3 },
          ],
          minChargingRate: 4140,
        },
      },
    },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'clearChargingProfile', id: 5 },
    action: 'ClearChargingProfile',
    payload: { id: 5 },
    answers: [
      [{ status: 'Accepted' }, 'accepted'],
      [{ status: 'Unknown' }, 'rejected'],
    ],
  },
  {
    command: { type: 'clearChargingProfile', connector: '1' },
    action: 'ClearChargingProfile',
    payload: { connectorId: 1 },
    answers: [[{ status: 'Accepted' }, 'accepted']],
  },
  {
    command: { type: 'getCompositeSchedule', connector: '1', durationS: 600, unit: 'A' },
    action: 'GetCompositeSchedule',
    payload: { connectorId: 1, duration: 600, chargingRateUnit: 'A' },
    answers: [
      [
        {
          status: 'Accepted',
          connectorId: 1,
          scheduleStart: at,
          chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.1 }] },
        },
        'accepted',
      ],
      [{ status: 'Rejected' }, 'rejected'],
    ],
  },
  {
    command: { type: 'updateFirmware', requestId: 9, url: 'https://files.example.com/fw.bin', retrieveAt: at },
    action: 'UpdateFirmware',
    payload: { location: 'https://files.example.com/fw.bin', retrieveDate: at },
    answers: [[{}, 'accepted']],
  },
  {
    command: {
      type: 'updateFirmware',
      requestId: 9,
      url: 'https://files.example.com/fw.bin',
      retrieveAt: at,
      installAt: later,
      signature: 'c2ln',
      signingCertificate: 'PEM',
    },
    action: 'SignedUpdateFirmware',
    payload: {
      requestId: 9,
      firmware: {
        location: 'https://files.example.com/fw.bin',
        retrieveDateTime: at,
        installDateTime: later,
        signingCertificate: 'PEM',
        signature: 'c2ln',
      },
    },
    answers: [
      ...acceptedOrRejected,
      [{ status: 'AcceptedCanceled' }, 'accepted'],
      [{ status: 'InvalidCertificate' }, 'rejected'],
      [{ status: 'RevokedCertificate' }, 'rejected'],
    ],
  },
  {
    command: { type: 'getLog', requestId: 1, log: 'diagnostics', url, from: at, to: later },
    action: 'GetDiagnostics',
    payload: { location: url, startTime: at, stopTime: later },
    answers: [
      [{ fileName: 'logs.zip' }, 'accepted'],
      [{}, 'accepted'],
    ],
  },
  {
    command: { type: 'getLog', requestId: 1, log: 'security', url, from: at },
    action: 'GetLog',
    payload: { logType: 'SecurityLog', requestId: 1, log: { remoteLocation: url, oldestTimestamp: at } },
    answers: [
      ...acceptedOrRejected,
      [{ status: 'Accepted', filename: 'security.log' }, 'accepted'],
      [{ status: 'AcceptedCanceled' }, 'accepted'],
    ],
  },
  {
    command: { type: 'installCertificate', use: 'CSMSRootCertificate', pem: 'PEM' },
    action: 'InstallCertificate',
    payload: { certificateType: 'CentralSystemRootCertificate', certificate: 'PEM' },
    answers: [...acceptedOrRejected, [{ status: 'Failed' }, 'failed']],
  },
  {
    command: { type: 'deleteCertificate', hash },
    action: 'DeleteCertificate',
    payload: { certificateHashData: hash },
    answers: [
      [{ status: 'Accepted' }, 'accepted'],
      [{ status: 'Failed' }, 'failed'],
      [{ status: 'NotFound' }, 'rejected'],
    ],
  },
  {
    command: { type: 'getInstalledCertificates', use: 'ManufacturerRootCertificate' },
    action: 'GetInstalledCertificateIds',
    payload: { certificateType: 'ManufacturerRootCertificate' },
    answers: [
      [{ status: 'Accepted', certificateHashData: [hash] }, 'accepted'],
      [{ status: 'NotFound' }, 'accepted'],
    ],
  },
  {
    command: { type: 'certificateSigned', chainPem: 'PEM' },
    action: 'CertificateSigned',
    payload: { certificateChain: 'PEM' },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'setPassword', password: '0123456789abcdef0123456789abcdef' },
    action: 'ChangeConfiguration',
    payload: { key: 'AuthorizationKey', value: '0123456789abcdef0123456789abcdef' },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'setSecurityProfile', profile: 2 },
    action: 'ChangeConfiguration',
    payload: { key: 'SecurityProfile', value: '2' },
    answers: [[{ status: 'RebootRequired' }, 'accepted']],
  },
  {
    command: { type: 'trigger', message: 'SignChargePointCertificate' },
    action: 'ExtendedTriggerMessage',
    payload: { requestedMessage: 'SignChargePointCertificate' },
    answers: [...acceptedOrRejected, [{ status: 'NotImplemented' }, 'not-supported']],
  },
  {
    command: { type: 'trigger', message: 'LogStatusNotification', connector: '1' },
    action: 'ExtendedTriggerMessage',
    payload: { requestedMessage: 'LogStatusNotification', connectorId: 1 },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'call', action: 'Reset', payload: { type: 'Hard' } },
    action: 'Reset',
    payload: { type: 'Hard' },
    answers: acceptedOrRejected,
  },
];

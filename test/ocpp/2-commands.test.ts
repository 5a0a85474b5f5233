import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instant } from '../../src/domain/instant.js';
import type { ChargePointCommand, CommandOutcome } from '../../src/domain/command.js';
import { pathOf, nameOf } from '../../ocpp-adapters/2.0.1/variables.js';
import { assertValid, bootedStation, bothProtocols, connectStation } from './stations.js';

type Answers = readonly (readonly [object, CommandOutcome['status']])[];

interface Case {
  readonly command: ChargePointCommand;
  readonly action: string;
  readonly payload: object;
  /** Each answer of the charging station and the outcome's status. */
  readonly answers: Answers;
}

const at = instant(Date.parse('2024-05-01T12:00:00Z'));
const card = '04A1B2C3D4E5F6';

const yesOrNo: Answers = [
  [{ status: 'Accepted' }, 'accepted'],
  [{ status: 'Rejected', statusInfo: { reasonCode: 'TxInProgress' } }, 'rejected'],
];
const path = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } };
const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: 'c' } as const;
const reporting: Answers = [
  ...yesOrNo,
  [{ status: 'NotSupported' }, 'not-supported'],
  [{ status: 'EmptyResultSet' }, 'accepted'],
];
const password: Answers = [
  [{ setVariableResult: [{ ...path, attributeStatus: 'Accepted' }] }, 'accepted'],
  [{ setVariableResult: [{ ...path, attributeStatus: 'RebootRequired' }] }, 'accepted'],
  [{ setVariableResult: [{ ...path, attributeStatus: 'Rejected' }] }, 'rejected'],
  [{ setVariableResult: [{ ...path, attributeStatus: 'UnknownComponent' }] }, 'not-supported'],
  [{ setVariableResult: [{ ...path, attributeStatus: 'UnknownVariable' }] }, 'not-supported'],
  [{ setVariableResult: [{ ...path, attributeStatus: 'NotSupportedAttributeType' }] }, 'not-supported'],
];

/** What each command is in OCPP 2.0.1 and in 2.1. */
const cases: readonly Case[] = [
  {
    command: { type: 'remoteStart', idTag: card, connector: '2', remoteStartId: 5 },
    action: 'RequestStartTransaction',
    payload: { idToken: { idToken: card, type: 'ISO14443' }, evseId: 2, remoteStartId: 5 },
    answers: [...yesOrNo, [{ status: 'Accepted', transactionId: 'T1' }, 'accepted']],
  },
  {
    command: { type: 'remoteStart', idTag: 'a-name-of-ours', remoteStartId: 6 },
    action: 'RequestStartTransaction',
    payload: { idToken: { idToken: 'a-name-of-ours', type: 'Central' }, remoteStartId: 6 },
    answers: yesOrNo,
  },
  {
    command: { type: 'remoteStop', transactionId: 'T1' },
    action: 'RequestStopTransaction',
    payload: { transactionId: 'T1' },
    answers: yesOrNo,
  },
  {
    command: { type: 'unlockConnector', connector: '1' },
    action: 'UnlockConnector',
    payload: { evseId: 1, connectorId: 1 },
    answers: [
      [{ status: 'Unlocked' }, 'accepted'],
      [{ status: 'UnlockFailed' }, 'failed'],
      [{ status: 'OngoingAuthorizedTransaction' }, 'rejected'],
      [{ status: 'UnknownConnector' }, 'rejected'],
    ],
  },
  {
    command: { type: 'reset', hard: true },
    action: 'Reset',
    payload: { type: 'Immediate' },
    answers: [...yesOrNo, [{ status: 'Scheduled' }, 'scheduled']],
  },
  { command: { type: 'reset', hard: false }, action: 'Reset', payload: { type: 'OnIdle' }, answers: yesOrNo },
  {
    command: { type: 'changeAvailability', connector: '0', operative: false },
    action: 'ChangeAvailability',
    payload: { operationalStatus: 'Inoperative' },
    answers: [...yesOrNo, [{ status: 'Scheduled' }, 'scheduled']],
  },
  {
    command: { type: 'changeAvailability', connector: '2', operative: true },
    action: 'ChangeAvailability',
    payload: { operationalStatus: 'Operative', evse: { id: 2 } },
    answers: yesOrNo,
  },
  {
    command: { type: 'getConfiguration', keys: ['OCPPCommCtrlr.HeartbeatInterval', 'Connector(left)@1.2.Power(a)'] },
    action: 'GetVariables',
    payload: {
      getVariableData: [
        path,
        {
          component: { name: 'Connector', instance: 'left', evse: { id: 1, connectorId: 2 } },
          variable: { name: 'Power', instance: 'a' },
        },
      ],
    },
    answers: [
      [
        {
          getVariableResult: [
            { ...path, attributeStatus: 'Accepted', attributeValue: '300' },
            { ...path, attributeStatus: 'UnknownVariable' },
          ],
        },
        'accepted',
      ],
    ],
  },
  {
    command: { type: 'changeConfiguration', key: 'OCPPCommCtrlr.HeartbeatInterval', value: '60' },
    action: 'SetVariables',
    payload: { setVariableData: [{ ...path, attributeValue: '60' }] },
    answers: password,
  },
  {
    command: { type: 'setPassword', password: 'a-password-of-16' },
    action: 'SetVariables',
    payload: {
      setVariableData: [
        {
          component: { name: 'SecurityCtrlr' },
          variable: { name: 'BasicAuthPassword' },
          attributeValue: 'a-password-of-16',
        },
      ],
    },
    answers: password,
  },
  { command: { type: 'clearCache' }, action: 'ClearCache', payload: {}, answers: yesOrNo },
  {
    command: { type: 'trigger', message: 'StatusNotification', connector: '1' },
    action: 'TriggerMessage',
    payload: { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } },
    answers: [...yesOrNo, [{ status: 'NotImplemented' }, 'not-supported']],
  },
  {
    command: { type: 'trigger', message: 'MeterValues', connector: '2' },
    action: 'TriggerMessage',
    payload: { requestedMessage: 'MeterValues', evse: { id: 2 } },
    answers: yesOrNo,
  },
  {
    command: { type: 'trigger', message: 'SignChargePointCertificate' },
    action: 'TriggerMessage',
    payload: { requestedMessage: 'SignChargingStationCertificate' },
    answers: yesOrNo,
  },
  {
    command: { type: 'dataTransfer', vendorId: 'com.acme', messageId: 'm', data: 'd' },
    action: 'DataTransfer',
    payload: { vendorId: 'com.acme', messageId: 'm', data: 'd' },
    answers: [
      ...yesOrNo,
      [{ status: 'UnknownMessageId' }, 'not-supported'],
      [{ status: 'UnknownVendorId' }, 'not-supported'],
    ],
  },
  {
    command: { type: 'reserveNow', reservationId: 3, idTag: card, groupIdTag: 'G', connector: '1', expiresAt: at },
    action: 'ReserveNow',
    payload: {
      id: 3,
      expiryDateTime: at,
      idToken: { idToken: card, type: 'ISO14443' },
      groupIdToken: { idToken: 'G', type: 'Central' },
      evseId: 1,
    },
    answers: [
      ...yesOrNo,
      [{ status: 'Occupied' }, 'occupied'],
      [{ status: 'Faulted' }, 'inoperative'],
      [{ status: 'Unavailable' }, 'inoperative'],
    ],
  },
  {
    command: { type: 'reserveNow', reservationId: 4, idTag: 'NAME', expiresAt: at },
    action: 'ReserveNow',
    payload: { id: 4, expiryDateTime: at, idToken: { idToken: 'NAME', type: 'Central' } },
    answers: yesOrNo,
  },
  {
    command: { type: 'cancelReservation', reservationId: 3 },
    action: 'CancelReservation',
    payload: { reservationId: 3 },
    answers: yesOrNo,
  },
  {
    command: { type: 'getLocalListVersion' },
    action: 'GetLocalListVersion',
    payload: {},
    answers: [[{ versionNumber: 4 }, 'accepted']],
  },
  {
    command: {
      type: 'sendLocalList',
      version: 5,
      full: false,
      entries: [{ idTag: card, status: 'Accepted', expiresAt: at, groupIdTag: 'G' }, { idTag: 'GONE' }],
    },
    action: 'SendLocalList',
    payload: {
      versionNumber: 5,
      updateType: 'Differential',
      localAuthorizationList: [
        {
          idToken: { idToken: card, type: 'ISO14443' },
          idTokenInfo: {
            status: 'Accepted',
            cacheExpiryDateTime: at,
            groupIdToken: { idToken: 'G', type: 'Central' },
          },
        },
        { idToken: { idToken: 'GONE', type: 'Central' } },
      ],
    },
    answers: [
      [{ status: 'Accepted' }, 'accepted'],
      [{ status: 'Failed' }, 'failed'],
      [{ status: 'VersionMismatch' }, 'rejected'],
    ],
  },
  {
    command: { type: 'sendLocalList', version: 6, full: true, entries: [] },
    action: 'SendLocalList',
    payload: { versionNumber: 6, updateType: 'Full' },
    answers: [[{ status: 'Accepted' }, 'accepted']],
  },
  {
    command: {
      type: 'setChargingProfile',
      connector: '1',
      profile: {
        id: 8,
        purpose: 'TxProfile',
        stackLevel: 1,
        transactionId: 'T1',
        unit: 'A',
        startsAt: at,
        durationS: 60,
        minRate: 6,
        periods: [{ startS: 0, limit: 10, phases: 3 }],
      },
    },
    action: 'SetChargingProfile',
    payload: {
      evseId: 1,
      chargingProfile: {
        id: 8,
        stackLevel: 1,
        chargingProfilePurpose: 'TxProfile',
        chargingProfileKind: 'Absolute',
        transactionId: 'T1',
        chargingSchedule: [
          {
            id: 8,
            chargingRateUnit: 'A',
            startSchedule: at,
            duration: 60,
            minChargingRate: 6,
            chargingSchedulePeriod: [{ startPeriod: 0, limit: 10, numberPhases: 3 }],
          },
        ],
      },
    },
    answers: yesOrNo,
  },
  {
    command: {
      type: 'setChargingProfile',
      connector: '0',
      profile: {
        id: 9,
        purpose: 'ChargePointMaxProfile',
        stackLevel: 0,
        unit: 'W',
        periods: [{ startS: 0, limit: 9000 }],
      },
    },
    action: 'SetChargingProfile',
    payload: {
      evseId: 0,
      chargingProfile: {
        id: 9,
        stackLevel: 0,
        chargingProfilePurpose: 'ChargingStationMaxProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: [{ id: 9, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 9000 }] }],
      },
    },
    answers: yesOrNo,
  },
  {
    command: { type: 'clearChargingProfile', id: 8, connector: '1' },
    action: 'ClearChargingProfile',
    payload: { chargingProfileId: 8 },
    answers: [
      [{ status: 'Accepted' }, 'accepted'],
      [{ status: 'Unknown' }, 'rejected'],
    ],
  },
  {
    command: { type: 'clearChargingProfile', connector: '1' },
    action: 'ClearChargingProfile',
    payload: { chargingProfileCriteria: { evseId: 1 } },
    answers: [[{ status: 'Accepted' }, 'accepted']],
  },
  {
    command: { type: 'getCompositeSchedule', connector: '1', durationS: 600, unit: 'W' },
    action: 'GetCompositeSchedule',
    payload: { evseId: 1, duration: 600, chargingRateUnit: 'W' },
    answers: yesOrNo,
  },
  {
    command: {
      type: 'updateFirmware',
      requestId: 1,
      url: 'https://fw.example/1',
      retrieveAt: at,
      installAt: at,
      signature: 's',
      signingCertificate: 'pem',
    },
    action: 'UpdateFirmware',
    payload: {
      requestId: 1,
      firmware: {
        location: 'https://fw.example/1',
        retrieveDateTime: at,
        installDateTime: at,
        signature: 's',
        signingCertificate: 'pem',
      },
    },
    answers: [
      ...yesOrNo,
      [{ status: 'AcceptedCanceled' }, 'accepted'],
      [{ status: 'InvalidCertificate' }, 'rejected'],
      [{ status: 'RevokedCertificate' }, 'rejected'],
    ],
  },
  {
    command: { type: 'getLog', requestId: 2, log: 'security', url: 'https://log.example', from: at, to: at },
    action: 'GetLog',
    payload: {
      logType: 'SecurityLog',
      requestId: 2,
      log: { remoteLocation: 'https://log.example', oldestTimestamp: at, latestTimestamp: at },
    },
    answers: [...yesOrNo, [{ status: 'AcceptedCanceled', filename: 'f' }, 'accepted']],
  },
  {
    command: { type: 'getLog', requestId: 3, log: 'diagnostics', url: 'https://log.example' },
    action: 'GetLog',
    payload: { logType: 'DiagnosticsLog', requestId: 3, log: { remoteLocation: 'https://log.example' } },
    answers: yesOrNo,
  },
  {
    command: { type: 'setDisplayMessage', id: 1, text: 'Hello', priority: 'InFront', expiresAt: at },
    action: 'SetDisplayMessage',
    payload: {
      message: { id: 1, priority: 'InFront', message: { format: 'UTF8', content: 'Hello' }, endDateTime: at },
    },
    answers: [
      ...yesOrNo,
      [{ status: 'NotSupportedMessageFormat' }, 'not-supported'],
      [{ status: 'NotSupportedPriority' }, 'not-supported'],
      [{ status: 'NotSupportedState' }, 'not-supported'],
      [{ status: 'UnknownTransaction' }, 'rejected'],
    ],
  },
  {
    command: { type: 'getDisplayMessages', requestId: 4 },
    action: 'GetDisplayMessages',
    payload: { requestId: 4 },
    answers: [
      [{ status: 'Accepted' }, 'accepted'],
      [{ status: 'Unknown' }, 'accepted'],
    ],
  },
  {
    command: { type: 'clearDisplayMessage', id: 1 },
    action: 'ClearDisplayMessage',
    payload: { id: 1 },
    answers: [
      [{ status: 'Accepted' }, 'accepted'],
      [{ status: 'Unknown' }, 'rejected'],
    ],
  },
  {
    command: { type: 'installCertificate', use: 'CSMSRootCertificate', pem: 'pem' },
    action: 'InstallCertificate',
    payload: { certificateType: 'CSMSRootCertificate', certificate: 'pem' },
    answers: [...yesOrNo, [{ status: 'Failed' }, 'failed']],
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
    payload: { certificateType: ['ManufacturerRootCertificate'] },
    answers: [
      [{ status: 'Accepted' }, 'accepted'],
      [{ status: 'NotFound' }, 'accepted'],
    ],
  },
  {
    command: { type: 'getInstalledCertificates' },
    action: 'GetInstalledCertificateIds',
    payload: {},
    answers: [[{ status: 'NotFound' }, 'accepted']],
  },
  {
    command: { type: 'certificateSigned', chainPem: 'pem' },
    action: 'CertificateSigned',
    payload: { certificateChain: 'pem', certificateType: 'ChargingStationCertificate' },
    answers: yesOrNo,
  },
  {
    command: { type: 'getReport', requestId: 5 },
    action: 'GetBaseReport',
    payload: { requestId: 5, reportBase: 'FullInventory' },
    answers: reporting,
  },
  {
    command: { type: 'getTransactionStatus', transactionId: 'T1' },
    action: 'GetTransactionStatus',
    payload: { transactionId: 'T1' },
    answers: [[{ ongoingIndicator: true, messagesInQueue: true }, 'accepted']],
  },
  {
    command: { type: 'costUpdated', transactionId: 'T1', totalCost: 1.25 },
    action: 'CostUpdated',
    payload: { transactionId: 'T1', totalCost: 1.25 },
    answers: [[{}, 'accepted']],
  },
  {
    command: { type: 'call', action: 'SetMonitoringLevel', payload: { severity: 4 } },
    action: 'SetMonitoringLevel',
    payload: { severity: 4 },
    answers: yesOrNo,
  },
  {
    command: { type: 'call', action: 'ClearVariableMonitoring', payload: { id: [1, 2] } },
    action: 'ClearVariableMonitoring',
    payload: { id: [1, 2] },
    answers: [
      [
        {
          clearMonitoringResult: [
            { id: 1, status: 'Accepted' },
            { id: 2, status: 'NotFound' },
          ],
        },
        'rejected',
      ],
      [{ clearMonitoringResult: [{ id: 1, status: 'Accepted' }] }, 'accepted'],
    ],
  },
];

/** Commands that are not sent, and how they end. */
const unsent: readonly (readonly [ChargePointCommand, CommandOutcome['status'], RegExp])[] = [
  [{ type: 'remoteStart', idTag: 'T', connector: 'left' }, 'invalid', /no EVSE left/],
  [{ type: 'unlockConnector', connector: '-1' }, 'invalid', /no EVSE -1/],
  [{ type: 'trigger', message: 'Coffee' }, 'not-supported', /can't trigger Coffee/],
  [{ type: 'setSecurityProfile', profile: 3 }, 'not-supported', /SetNetworkProfile/],
  [{ type: 'getConfiguration', keys: ['HeartbeatInterval'] }, 'invalid', /HeartbeatInterval is no variable/],
  [{ type: 'changeConfiguration', key: 'A.', value: '1' }, 'invalid', /is no variable/],
  [{ type: 'remoteStop', transactionId: 'x'.repeat(37) }, 'invalid', /transactionId is longer than 36/],
  [
    { type: 'updateFirmware', requestId: 1, url: 'u', retrieveAt: at, signature: 's' },
    'invalid',
    /both the signature and the certificate/,
  ],
  [{ type: 'call', action: 'Reset', payload: {} }, 'invalid', /Reset: type is missing/],
  [{ type: 'call', action: 'Reset', payload: { type: 'onidle' } }, 'invalid', /Reset: type must be one of/],
  [{ type: 'call', action: 'Reset', payload: { type: 'OnIdle', now: true } }, 'invalid', /now is not a field/],
  [{ type: 'call', action: 'Heartbeat', payload: {} }, 'invalid', /goes from charging stations to us/],
  [{ type: 'call', action: 'ChangeConfiguration', payload: {} }, 'invalid', /has no action ChangeConfiguration/],
  [{ type: 'call', action: 'toString', payload: {} }, 'invalid', /has no action toString/],
];

for (const protocol of bothProtocols) {
  describe(`commands in ${protocol}`, () => {
    for (const { command, action, payload, answers } of cases) {
      it(`${command.type}: ${action} ${JSON.stringify(payload)}`, async (t) => {
        const { server, peer } = await bootedStation(t, protocol);
        assertValid(protocol, `${action}Request`, payload);
        for (const [answer, status] of answers) {
          const pending = server.link.send('CS1', command);
          const [type, , ...request] = await peer.answer(answer);
          assert.deepEqual([type, ...request], [2, action, payload]);
          const outcome = await pending;
          assert.deepEqual([outcome.status, outcome.answer], [status, answer]);
          assert.equal(outcome.message === undefined, status === 'accepted');
        }
      });
    }

    it('that can not be sent end at once, with what is wrong', async (t) => {
      const { server } = await bootedStation(t, protocol);
      for (const [command, status, message] of unsent) {
        const outcome = await server.link.send('CS1', command);
        assert.equal(outcome.status, status, JSON.stringify(command));
        assert.match(outcome.message ?? '', message);
      }
    });

    it('a remote start without an id gets one', async (t) => {
      const { server, peer } = await bootedStation(t, protocol);
      const ids = new Set<unknown>();
      for (let count = 0; count < 3; count += 1) {
        const pending = server.link.send('CS1', { type: 'remoteStart', idTag: card });
        const [, , , request] = await peer.answer({ status: 'Accepted' });
        const { remoteStartId } = request as { remoteStartId: number };
        assert.ok(Number.isSafeInteger(remoteStartId) && remoteStartId > 0 && remoteStartId < 2 ** 31);
        ids.add(remoteStartId);
        assert.equal((await pending).status, 'accepted');
      }
      assert.equal(ids.size, 3);
    });

    it('all variables come in a report', async (t) => {
      const { server, peer } = await bootedStation(t, protocol);
      const pending = server.link.send('CS1', { type: 'getConfiguration', keys: [] });
      const [, , action, request] = await peer.answer({ status: 'Accepted' });
      assert.deepEqual(
        [action, (request as Record<string, unknown>)['reportBase']],
        ['GetBaseReport', 'FullInventory'],
      );
      assert.equal((await pending).status, 'accepted');
    });

    for (const [length, type] of [
      [8, 'ISO14443'],
      [14, 'ISO14443'],
      [20, 'ISO14443'],
      [7, 'Central'],
      [16, 'Central'],
    ] as const) {
      it(`a uid of ${length} hexadecimal digits is of type ${type}`, async (t) => {
        const { server, peer } = await bootedStation(t, protocol);
        const pending = server.link.send('CS1', { type: 'remoteStart', idTag: 'aB'.repeat(10).slice(0, length) });
        const [, , , request] = await peer.answer({ status: 'Accepted' });
        assert.equal((request as { idToken: { type: string } }).idToken.type, type);
        await pending;
      });
    }

    it('an answer that can not be read is a failure, and says so', async (t) => {
      const { server, peer } = await bootedStation(t, protocol);
      const pending = server.link.send('CS1', { type: 'clearCache' });
      const [, id] = await peer.answer({ status: 'Perhaps' });
      const outcome = await pending;
      assert.equal(outcome.status, 'failed');
      assert.match(outcome.message ?? '', /ClearCache: the answer can't be read: status must be one of/);
      if (protocol === 'ocpp2.1') {
        // OCPP-J 2.1 §4.2.4
        const [type, ...refusal] = await peer.next();
        const reason = 'status must be one of Accepted, Rejected';
        assert.deepEqual([type, ...refusal], [5, id, 'PropertyConstraintViolation', reason, {}]);
      }
    });

    it('a CALLERROR ends the command', async (t) => {
      const { server, peer } = await bootedStation(t, protocol);
      for (const [code, status] of [
        ['NotSupported', 'not-supported'],
        ['NotImplemented', 'not-supported'],
        ['InternalError', 'failed'],
      ]) {
        const pending = server.link.send('CS1', { type: 'clearCache' });
        const [, id] = await peer.next();
        peer.send([4, id, code, 'no', {}]);
        assert.equal((await pending).status, status);
      }
    });

    it('while it is Pending only what configures it is asked', async (t) => {
      const { server, peer, clock } = await connectStation(t, protocol, {
        events: { booted: async () => ({ status: 'Pending', intervalS: 60 }) },
      });
      const payload = { reason: 'PowerUp', chargingStation: { vendorName: 'A', model: 'B' } };
      await peer.call('BootNotification', payload);
      const start = server.link.send('CS1', { type: 'remoteStart', idTag: card });
      const report = server.link.send('CS1', { type: 'getReport', requestId: 1 });
      assert.equal((await peer.answer({ status: 'Accepted' }))[2], 'GetBaseReport');
      assert.equal((await report).status, 'accepted');
      await clock.advance(60_000);
      assert.equal((await start).status, 'failed');
    });
  });
}

describe('commands of OCPP 2.x', () => {
  it('cover every command', () => {
    const tested = new Set([...cases, ...unsent.map(([command]) => ({ command }))].map(({ command }) => command.type));
    const all: Record<ChargePointCommand['type'], true> = {
      remoteStart: true,
      remoteStop: true,
      unlockConnector: true,
      reset: true,
      changeAvailability: true,
      getConfiguration: true,
      changeConfiguration: true,
      clearCache: true,
      trigger: true,
      dataTransfer: true,
      reserveNow: true,
      cancelReservation: true,
      getLocalListVersion: true,
      sendLocalList: true,
      setChargingProfile: true,
      clearChargingProfile: true,
      getCompositeSchedule: true,
      updateFirmware: true,
      getLog: true,
      setDisplayMessage: true,
      getDisplayMessages: true,
      clearDisplayMessage: true,
      installCertificate: true,
      deleteCertificate: true,
      getInstalledCertificates: true,
      certificateSigned: true,
      setPassword: true,
      setSecurityProfile: true,
      getReport: true,
      getTransactionStatus: true,
      costUpdated: true,
      call: true,
    };
    assert.deepEqual([...tested].sort(), Object.keys(all).sort());
  });

  it('name a variable both ways alike', () => {
    for (const name of ['A.B', 'A(x).B', 'A@1.B', 'A(x)@1.2.B(y)', 'EVSE@3.Power', 'A.C.B']) {
      const path = pathOf(name);
      assert.ok(path, name);
      assert.equal(nameOf(path), name);
    }
    for (const name of ['', 'A', '.B', 'A.', 'A(x.B', 'A.B)', 'A.B(']) assert.equal(pathOf(name), undefined, name);
  });
});

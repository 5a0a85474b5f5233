import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { versions } from '../../ocpp-adapters/version-table.js';
import type { AuthorizationReply, ChargePointEvents } from '../../src/app/charge-point-events.js';
import { assertValid, bootNotification, bothProtocols, connectStation } from './stations.js';

interface Case {
  readonly payload: object;
  /** The event's name and arguments after the charging station's id; absent: none. */
  readonly event?: readonly unknown[];
  readonly answer: object;
}

const now = '2024-05-01T12:00:00.000Z';
const at = '2024-05-01T11:59:00.000Z';
const token = { idToken: 'TAG', type: 'ISO14443' };

const noticed = (what: string, data: object, when?: string): readonly unknown[] => [
  'deviceReported',
  { type: 'notice', what, at: when, data },
];

const limit = { chargingLimitSource: 'EMS' };
const schedule = { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] };
const profile = {
  id: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: [schedule],
};
const variable = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Power' } };
const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: 'c' };
const ocsp = { ...hash, responderURL: 'http://ocsp.example' };

const notices: Readonly<Record<string, { payload: object; at?: string; answer?: object }>> = {
  ClearedChargingLimit: { payload: { ...limit, evseId: 1 } },
  FirmwareStatusNotification: { payload: { status: 'Downloaded', requestId: 3 } },
  LogStatusNotification: { payload: { status: 'Uploaded', requestId: 3 } },
  NotifyChargingLimit: { payload: { chargingLimit: limit, chargingSchedule: [schedule] } },
  NotifyCustomerInformation: { payload: { data: 'x', seqNo: 0, generatedAt: at, requestId: 1 }, at },
  NotifyDisplayMessages: { payload: { requestId: 1 } },
  NotifyEVChargingSchedule: {
    payload: { timeBase: at, evseId: 1, chargingSchedule: schedule },
    at,
    answer: { status: 'Accepted' },
  },
  NotifyEvent: {
    payload: {
      generatedAt: at,
      seqNo: 0,
      eventData: [
        {
          ...variable,
          eventId: 1,
          timestamp: at,
          trigger: 'Alerting',
          actualValue: '1',
          eventNotificationType: 'HardWiredNotification',
        },
      ],
    },
    at,
  },
  NotifyMonitoringReport: { payload: { requestId: 1, seqNo: 0, generatedAt: at }, at },
  PublishFirmwareStatusNotification: { payload: { status: 'Idle' } },
  ReportChargingProfiles: {
    payload: { requestId: 1, chargingLimitSource: 'CSO', chargingProfile: [profile], evseId: 1 },
  },
  SecurityEventNotification: { payload: { type: 'SettingSystemTime', timestamp: at }, at },
};

const step = {
  transactionId: 'T1',
  seqNo: 0,
  at,
  offline: false,
  connector: undefined,
  samples: [],
};
const transactionEvent = {
  eventType: 'Started',
  timestamp: at,
  triggerReason: 'Authorized',
  seqNo: 0,
  transactionInfo: { transactionId: 'T1' },
};

/** By action; what each means in OCPP 2.0.1 and in 2.1. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  ...Object.fromEntries(
    Object.entries(notices).map(([action, { payload, at: when, answer = {} }]) => [
      action,
      [{ payload, event: noticed(action, payload, when), answer }],
    ]),
  ),
  Authorize: [
    {
      payload: { idToken: { idToken: ' TAG ', type: 'ISO14443' } },
      event: ['authorizeAsked', 'TAG'],
      answer: { idTokenInfo: { status: 'Accepted' } },
    },
    // nobody to ask about contract certificates
    {
      payload: { idToken: { idToken: 'DE1', type: 'eMAID' }, certificate: 'pem', iso15118CertificateHashData: [ocsp] },
      event: ['authorizeAsked', 'DE1'],
      answer: { idTokenInfo: { status: 'Accepted' }, certificateStatus: 'NoCertificateAvailable' },
    },
    {
      payload: { idToken: { idToken: '', type: 'NoAuthorization' } },
      answer: { idTokenInfo: { status: 'Invalid' } },
    },
  ],
  BootNotification: [
    {
      payload: bootNotification,
      event: ['booted', { vendor: 'Acme', model: 'Two', serialNumber: 'S1', firmwareVersion: '2.0' }],
      answer: { status: 'Accepted', currentTime: now, interval: 300 },
    },
    {
      payload: { reason: 'Watchdog', chargingStation: { vendorName: ' A ', model: 'B', serialNumber: ' ' } },
      event: ['booted', { vendor: 'A', model: 'B' }],
      answer: { status: 'Accepted', currentTime: now, interval: 300 },
    },
  ],
  DataTransfer: [
    { payload: { vendorId: 'v', messageId: 'm', data: { a: [1] } }, answer: { status: 'UnknownVendorId' } },
  ],
  Get15118EVCertificate: [
    {
      payload: { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Install', exiRequest: 'eA==' },
      answer: { status: 'Failed', exiResponse: '' },
    },
  ],
  GetCertificateStatus: [{ payload: { ocspRequestData: ocsp }, answer: { status: 'Failed' } }],
  Heartbeat: [{ payload: {}, answer: { currentTime: now } }],
  MeterValues: [
    {
      payload: { evseId: 2, meterValue: [{ timestamp: at, sampledValue: [{ value: 12.5 }] }] },
      event: [
        'meterSampled',
        { connector: '2', transactionId: undefined, samples: [{ at, values: [{ value: '12.5' }] }] },
      ],
      answer: {},
    },
    // the grid's meter
    {
      payload: { evseId: 0, meterValue: [{ timestamp: at, sampledValue: [{ value: 1, location: 'Inlet' }] }] },
      event: [
        'meterSampled',
        { connector: '0', transactionId: undefined, samples: [{ at, values: [{ value: '1', location: 'Inlet' }] }] },
      ],
      answer: {},
    },
  ],
  NotifyReport: [
    {
      payload: {
        requestId: 1,
        generatedAt: at,
        seqNo: 0,
        reportData: [
          {
            component: { name: 'Connector', instance: 'left', evse: { id: 1, connectorId: 2 } },
            variable: { name: 'Temperature', instance: 'a' },
            variableAttribute: [{ value: '40', mutability: 'ReadOnly' }, { type: 'MaxSet' }],
            variableCharacteristics: { unit: 'Celsius', dataType: 'decimal', supportsMonitoring: true },
          },
        ],
      },
      event: [
        'deviceReported',
        {
          type: 'variables',
          requestId: 1,
          first: true,
          variables: [
            {
              name: 'Connector(left)@1.2.Temperature(a)',
              attribute: 'Actual',
              value: '40',
              mutability: 'ReadOnly',
              unit: 'Celsius',
              dataType: 'decimal',
            },
            { name: 'Connector(left)@1.2.Temperature(a)', attribute: 'MaxSet', unit: 'Celsius', dataType: 'decimal' },
          ],
        },
      ],
      answer: {},
    },
    {
      payload: { requestId: 1, generatedAt: at, seqNo: 1 },
      event: ['deviceReported', { type: 'variables', requestId: 1, first: false, variables: [] }],
      answer: {},
    },
  ],
  ReservationStatusUpdate: [
    {
      payload: { reservationId: 9, reservationUpdateStatus: 'Expired' },
      event: ['reservationEnded', 9, 'expired'],
      answer: {},
    },
    {
      payload: { reservationId: 9, reservationUpdateStatus: 'Removed' },
      event: ['reservationEnded', 9, 'removed'],
      answer: {},
    },
  ],
  SignCertificate: [
    {
      payload: { csr: 'pem' },
      event: ['certificateRequested', { csrPem: 'pem', use: 'ChargingStationCertificate' }],
      answer: { status: 'Accepted' },
    },
    {
      payload: { csr: 'pem', certificateType: 'V2GCertificate' },
      event: ['certificateRequested', { csrPem: 'pem', use: 'V2GCertificate' }],
      answer: { status: 'Accepted' },
    },
  ],
  StatusNotification: [
    {
      payload: { timestamp: at, connectorStatus: 'Occupied', evseId: 1, connectorId: 2 },
      event: ['statusChanged', { connector: '1', part: '2', state: 'Occupied', at }],
      answer: {},
    },
    {
      payload: { timestamp: at, connectorStatus: 'Faulted', evseId: 1, connectorId: 0 },
      event: ['statusChanged', { connector: '1', state: 'Faulted', at }],
      answer: {},
    },
    // never taken for a real EVSE (lbbrhzn/ocpp#2020)
    {
      payload: { timestamp: at, connectorStatus: 'Unavailable', evseId: 0, connectorId: 0 },
      event: ['statusChanged', { connector: '0', state: 'Unavailable', at }],
      answer: {},
    },
  ],
  TransactionEvent: [
    {
      payload: {
        ...transactionEvent,
        offline: true,
        numberOfPhasesUsed: 3,
        cableMaxCurrent: 32,
        reservationId: 4,
        transactionInfo: { transactionId: 'T1', chargingState: 'Charging', timeSpentCharging: 5, remoteStartId: 77 },
        evse: { id: 1, connectorId: 1 },
        idToken: token,
        meterValue: [
          {
            timestamp: at,
            sampledValue: [
              {
                value: 1.5,
                context: 'Transaction.Begin',
                measurand: 'Energy.Active.Import.Register',
                phase: 'L1',
                location: 'Outlet',
                unitOfMeasure: { unit: 'Wh', multiplier: 3 },
                signedMeterValue: { signedMeterData: 's', signingMethod: 'm', encodingMethod: 'e', publicKey: 'k' },
              },
              { value: 7, measurand: 'Energy.Active.Export.Register' },
            ],
          },
        ],
      },
      event: [
        'transactionStep',
        {
          ...step,
          step: 'started',
          trigger: 'Authorized',
          offline: true,
          connector: '1',
          part: '1',
          state: 'Charging',
          idTag: 'TAG',
          remoteStartId: 77,
          reservationId: 4,
          samples: [
            {
              at,
              values: [
                {
                  value: '1.5',
                  measurand: 'Energy.Active.Import.Register',
                  unit: 'Wh',
                  phase: 'L1',
                  context: 'Transaction.Begin',
                  location: 'Outlet',
                  multiplier: 3,
                },
                { value: '7', measurand: 'Energy.Active.Export.Register' },
              ],
            },
          ],
        },
      ],
      answer: { idTokenInfo: { status: 'Accepted' } },
    },
    // authorized before there is an EVSE
    {
      payload: { ...transactionEvent, idToken: token },
      event: ['transactionStep', { ...step, step: 'started', trigger: 'Authorized', idTag: 'TAG' }],
      answer: { idTokenInfo: { status: 'Accepted' } },
    },
    {
      payload: {
        ...transactionEvent,
        eventType: 'Updated',
        triggerReason: 'MeterValuePeriodic',
        seqNo: 1,
        evse: { id: 2 },
      },
      event: ['transactionStep', { ...step, step: 'updated', trigger: 'MeterValuePeriodic', seqNo: 1, connector: '2' }],
      answer: {},
    },
    {
      payload: {
        ...transactionEvent,
        eventType: 'Ended',
        triggerReason: 'EVCommunicationLost',
        seqNo: 2,
        evse: { id: 0 },
        transactionInfo: { transactionId: 'T1', stoppedReason: 'EVDisconnected', chargingState: 'Idle' },
      },
      event: [
        'transactionStep',
        { ...step, step: 'ended', trigger: 'EVCommunicationLost', seqNo: 2, state: 'Idle', reason: 'EVDisconnected' },
      ],
      answer: {},
    },
    // a start button names nobody
    {
      payload: { ...transactionEvent, idToken: { idToken: '', type: 'NoAuthorization' } },
      event: ['transactionStep', { ...step, step: 'started', trigger: 'Authorized' }],
      answer: { idTokenInfo: { status: 'Accepted' } },
    },
  ],
};

for (const protocol of bothProtocols) {
  describe(`what charging stations call in ${protocol}`, () => {
    for (const [action, list] of Object.entries(cases)) {
      list.forEach(({ payload, event, answer }, index) => {
        it(`${action} ${index + 1}`, async (t) => {
          const { peer, domain, server } = await connectStation(t, protocol);
          assertValid(protocol, `${action}Request`, payload);
          assert.deepEqual(await peer.call(action, payload, 'id'), [3, 'id', answer]);
          assertValid(protocol, `${action}Response`, answer);
          const expected = event ? [[event[0], 'CS1', ...event.slice(1)]] : [];
          assert.deepEqual(domain(), expected);
          assert.deepEqual(server.counters().tolerances, {});
        });
      });
    }

    it('NotifyEVChargingNeeds is kept, and no schedule promised', async (t) => {
      const { peer, domain } = await connectStation(t, protocol);
      const payload = { evseId: 1, chargingNeeds: { requestedEnergyTransfer: 'DC' } };
      const answer = { status: protocol === 'ocpp2.1' ? 'NoChargingProfile' : 'Rejected' };
      assert.deepEqual(await peer.call('NotifyEVChargingNeeds', payload, 'id'), [3, 'id', answer]);
      assertValid(protocol, 'NotifyEVChargingNeedsResponse', answer);
      const [name, ...event] = noticed('NotifyEVChargingNeeds', payload);
      assert.deepEqual(domain(), [[name, 'CS1', ...event]]);
    });

    /** OCPP 2.0.1 §3.4. */
    const statuses: Readonly<Record<AuthorizationReply['status'], string>> = {
      Accepted: 'Accepted',
      BLOCKED: 'Blocked',
      EXPIRED: 'Expired',
      NO_CREDIT: 'NoCredit',
      NOT_ALLOWED: 'NotAtThisLocation',
      UNKNOWN: 'Unknown',
      UNREACHABLE: 'Invalid',
    };
    for (const [status, wire] of Object.entries(statuses)) {
      it(`a driver who is ${status} is told ${wire}`, async (t) => {
        const authorization = { status } as AuthorizationReply;
        const { peer } = await connectStation(t, protocol, {
          events: { authorizeAsked: async () => authorization, transactionStep: async () => ({ authorization }) },
        });
        const answer = [3, 'id', { idTokenInfo: { status: wire } }];
        assert.deepEqual(await peer.call('Authorize', { idToken: token }, 'id'), answer);
        assert.deepEqual(await peer.call('TransactionEvent', { ...transactionEvent, idToken: token }, 'id'), answer);
      });
    }

    it('a driver of a group is told which', async (t) => {
      const { peer } = await connectStation(t, protocol, {
        events: { authorizeAsked: async () => ({ status: 'Accepted', groupIdTag: 'FLEET' }) },
      });
      const [, , answer] = await peer.call('Authorize', { idToken: token });
      assert.deepEqual(answer, {
        idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: 'FLEET', type: 'Central' } },
      });
      assertValid(protocol, 'AuthorizeResponse', answer);
    });

    it('a certificate that is not signed is refused', async (t) => {
      const { peer } = await connectStation(t, protocol, { events: { certificateRequested: async () => false } });
      assert.deepEqual(await peer.call('SignCertificate', { csr: 'pem' }, 'id'), [3, 'id', { status: 'Rejected' }]);
    });

    const failing: Partial<ChargePointEvents> = {
      statusChanged: () => Promise.reject(new Error('disk full')),
      transactionStep: () => Promise.reject(new Error('disk full')),
    };
    it('nothing is answered as done that was not saved', async (t) => {
      const { peer } = await connectStation(t, protocol, { events: failing });
      const refusal = [4, 'id', 'InternalError', 'the message could not be processed', {}];
      const status = { timestamp: at, connectorStatus: 'Available', evseId: 1, connectorId: 1 };
      assert.deepEqual(await peer.call('StatusNotification', status, 'id'), refusal);
      assert.deepEqual(await peer.call('TransactionEvent', { ...transactionEvent, idToken: token }, 'id'), refusal);
    });

    it('what goes from us to charging stations, or is no action at all, is refused', async (t) => {
      const { peer } = await connectStation(t, protocol);
      assert.equal((await peer.call('Reset', { type: 'OnIdle' }))[2], 'NotSupported');
      assert.equal((await peer.call('StartTransaction', {}))[2], 'NotImplemented');
      assert.equal((await peer.call('constructor', {}))[2], 'NotImplemented');
    });
  });
}

describe('the table of what charging stations call', () => {
  it('has a test here for every entry that OCPP 2.0.1 has', () => {
    const version = versions.find(({ protocol }) => protocol === 'ocpp2.0.1');
    assert.deepEqual(
      Object.keys(version?.coverage.inbound ?? {}).sort(),
      [...Object.keys(cases), 'NotifyEVChargingNeeds'].sort(),
    );
  });
});

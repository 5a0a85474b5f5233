import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuthorizationReply } from '../../src/app/charge-point-events.js';
import { connectPeer, startServer } from './support.js';

const now = '2024-05-01T12:00:00.000Z';

interface Case {
  readonly what: string;
  readonly action: string;
  readonly payload: object;
  readonly events: readonly (readonly unknown[])[];
  readonly answer: object;
}

/** What is kept for the operator to see (§4.4, §4.5; security whitepaper §4.9, §4.10, §4.13). */
const notice = (action: string, payload: object, at?: string): Case => ({
  what: action,
  action,
  payload,
  events: [['deviceReported', 'CP1', { type: 'notice', what: action, at, data: payload }]],
  answer: {},
});

const cases: readonly Case[] = [
  {
    what: 'BootNotification (§4.2)',
    action: 'BootNotification',
    payload: {
      chargePointVendor: 'Acme ',
      chargePointModel: 'One',
      chargePointSerialNumber: ' ',
      chargeBoxSerialNumber: 'box',
      firmwareVersion: '1.2.3',
      iccid: '1',
    },
    events: [['booted', 'CP1', { vendor: 'Acme', model: 'One', serialNumber: 'box', firmwareVersion: '1.2.3' }]],
    answer: { status: 'Accepted', currentTime: now, interval: 300 },
  },
  { what: 'Heartbeat (§4.6)', action: 'Heartbeat', payload: {}, events: [], answer: { currentTime: now } },
  {
    what: 'StatusNotification (§4.9)',
    action: 'StatusNotification',
    payload: {
      connectorId: 2,
      errorCode: 'GroundFailure',
      status: 'Faulted',
      timestamp: '2024-05-01T11:59:00Z',
      info: 'x',
    },
    events: [
      [
        'statusChanged',
        'CP1',
        { connector: '2', state: 'Faulted', at: '2024-05-01T11:59:00.000Z', errorCode: 'GroundFailure' },
      ],
    ],
    answer: {},
  },
  {
    what: 'StatusNotification of the whole charge point, without time',
    action: 'StatusNotification',
    payload: { connectorId: 0, errorCode: 'NoError', status: 'Unavailable' },
    events: [['statusChanged', 'CP1', { connector: '0', state: 'Unavailable', at: undefined }]],
    answer: {},
  },
  {
    what: 'Authorize (§4.1)',
    action: 'Authorize',
    payload: { idTag: 'TAG' },
    events: [['authorizeAsked', 'CP1', 'TAG']],
    answer: { idTagInfo: { status: 'Accepted' } },
  },
  {
    what: 'StartTransaction (§4.8)',
    action: 'StartTransaction',
    payload: {
      connectorId: 1,
      idTag: 'TAG',
      meterStart: 1234,
      timestamp: '2024-05-01T13:00:00+02:00',
      reservationId: 3,
    },
    events: [
      [
        'transactionStarted',
        'CP1',
        { connector: '1', idTag: 'TAG', at: '2024-05-01T11:00:00.000Z', meterStartWh: 1234, reservationId: 3 },
      ],
    ],
    answer: { transactionId: 7, idTagInfo: { status: 'Accepted' } },
  },
  {
    what: 'MeterValues (§4.7), signed values left out',
    action: 'MeterValues',
    payload: {
      connectorId: 1,
      transactionId: 7,
      meterValue: [
        {
          timestamp: '2024-05-01T11:10:00Z',
          sampledValue: [
            {
              value: '1.5',
              unit: 'kWh',
              measurand: 'Energy.Active.Import.Register',
              context: 'Sample.Clock',
              location: 'Inlet',
              phase: 'L1',
              format: 'Raw',
            },
            { value: '16', unit: 'A', measurand: 'Current.Import' },
            { value: '12AB', format: 'SignedData' },
          ],
        },
        { timestamp: '2024-05-01T11:11:00Z', sampledValue: [{ value: '34CD', format: 'SignedData' }] },
      ],
    },
    events: [
      [
        'meterSampled',
        'CP1',
        {
          connector: '1',
          transactionId: '7',
          samples: [
            {
              at: '2024-05-01T11:10:00.000Z',
              values: [
                {
                  value: '1.5',
                  unit: 'kWh',
                  measurand: 'Energy.Active.Import.Register',
                  context: 'Sample.Clock',
                  location: 'Inlet',
                  phase: 'L1',
                },
                { value: '16', unit: 'A', measurand: 'Current.Import' },
              ],
            },
          ],
        },
      ],
    ],
    answer: {},
  },
  {
    what: 'MeterValues outside a transaction, spelled -1',
    action: 'MeterValues',
    payload: { connectorId: 0, transactionId: -1, meterValue: [{ timestamp: now, sampledValue: [{ value: '1' }] }] },
    events: [
      [
        'meterSampled',
        'CP1',
        { connector: '0', transactionId: undefined, samples: [{ at: now, values: [{ value: '1' }] }] },
      ],
    ],
    answer: {},
  },
  {
    what: 'StopTransaction (§4.10) with idTag and transactionData',
    action: 'StopTransaction',
    payload: {
      transactionId: 7,
      idTag: 'TAG',
      meterStop: 5678,
      timestamp: now,
      reason: 'EVDisconnected',
      transactionData: [
        { timestamp: '2024-05-01T11:30:00Z', sampledValue: [{ value: '3000', context: 'Transaction.End' }] },
      ],
    },
    events: [
      [
        'transactionEnded',
        'CP1',
        {
          transactionId: '7',
          idTag: 'TAG',
          at: now,
          meterStopWh: 5678,
          reason: 'EVDisconnected',
          samples: [{ at: '2024-05-01T11:30:00.000Z', values: [{ value: '3000', context: 'Transaction.End' }] }],
        },
      ],
    ],
    answer: { idTagInfo: { status: 'Accepted' } },
  },
  {
    what: 'StopTransaction without idTag',
    action: 'StopTransaction',
    payload: { transactionId: -1, meterStop: 1, timestamp: now },
    events: [
      [
        'transactionEnded',
        'CP1',
        { transactionId: '-1', idTag: undefined, at: now, meterStopWh: 1, reason: undefined, samples: [] },
      ],
    ],
    answer: {},
  },
  {
    what: 'DataTransfer (§4.3)',
    action: 'DataTransfer',
    payload: { vendorId: 'com.acme', messageId: 'x', data: '{}' },
    events: [],
    answer: { status: 'UnknownVendorId' },
  },
  notice('DiagnosticsStatusNotification', { status: 'Uploading' }),
  notice('FirmwareStatusNotification', { status: 'Installed' }),
  notice('LogStatusNotification', { status: 'Uploaded', requestId: 3 }),
  notice('SignedFirmwareStatusNotification', { status: 'InvalidSignature', requestId: 4 }),
  notice('SecurityEventNotification', { type: 'TamperDetectionActivated', timestamp: now, techInfo: 'door' }, now),
  {
    what: 'SignCertificate (security whitepaper §4.12)',
    action: 'SignCertificate',
    payload: { csr: '-----BEGIN CERTIFICATE REQUEST-----' },
    events: [
      [
        'certificateRequested',
        'CP1',
        { csrPem: '-----BEGIN CERTIFICATE REQUEST-----', use: 'ChargingStationCertificate' },
      ],
    ],
    answer: { status: 'Accepted' },
  },
];

describe('what charge points report in OCPP 1.6', () => {
  for (const { what, action, payload, events, answer } of cases) {
    it(what, async (t) => {
      const { url, domain, server } = await startServer(t);
      const peer = await connectPeer(t, `${url}/CP1`);
      assert.deepEqual(await peer.call(action, payload, 'id'), [3, 'id', answer]);
      assert.deepEqual(domain(), events);
      assert.deepEqual(server.counters().tolerances, {});
    });
  }

  const replies: Readonly<Record<AuthorizationReply['status'], string>> = {
    Accepted: 'Accepted',
    BLOCKED: 'Blocked',
    EXPIRED: 'Expired',
    NO_CREDIT: 'Blocked',
    NOT_ALLOWED: 'Invalid',
    UNKNOWN: 'Invalid',
    UNREACHABLE: 'Invalid',
  };
  for (const [status, expected] of Object.entries(replies)) {
    it(`${status} is ${expected} to a charge point, at Authorize and at StartTransaction`, async (t) => {
      const reply = { status: status as AuthorizationReply['status'] };
      const { url } = await startServer(t, {
        events: {
          authorizeAsked: async () => reply,
          transactionStarted: async () => ({ transactionId: '2147483648', authorization: reply }),
        },
      });
      const peer = await connectPeer(t, `${url}/CP1`);
      assert.deepEqual((await peer.call('Authorize', { idTag: 'T' }))[2], { idTagInfo: { status: expected } });
      const start = { connectorId: 1, idTag: 'T', meterStart: 0, timestamp: now };
      assert.deepEqual((await peer.call('StartTransaction', start))[2], {
        transactionId: 2_147_483_648,
        idTagInfo: { status: expected },
      });
    });
  }

  it('passes the group of a token on', async (t) => {
    const { url } = await startServer(t, {
      events: { authorizeAsked: async () => ({ status: 'Accepted', groupIdTag: 'GROUP' }) },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    assert.deepEqual((await peer.call('Authorize', { idTag: 'T' }))[2], {
      idTagInfo: { status: 'Accepted', parentIdTag: 'GROUP' },
    });
  });

  it('rejects a certificate request that is not taken', async (t) => {
    const { url } = await startServer(t, { events: { certificateRequested: async () => false } });
    const peer = await connectPeer(t, `${url}/CP1`);
    assert.deepEqual((await peer.call('SignCertificate', { csr: 'x' }))[2], { status: 'Rejected' });
  });

  it('answers InternalError to a transaction whose id is no number', async (t) => {
    const { url } = await startServer(t, {
      events: { transactionStarted: async () => ({ transactionId: 'abc', authorization: { status: 'Accepted' } }) },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    const answer = await peer.call('StartTransaction', { connectorId: 1, idTag: 'T', meterStart: 0, timestamp: now });
    assert.equal(answer[2], 'InternalError');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tolerances } from '../../ocpp-adapters/2.0.1/tolerances.js';
import { commonTolerances } from '../../ocpp-adapters/tolerances.js';
import { bothProtocols, connectStation, type Protocol2 } from './stations.js';

interface Case {
  readonly action: string;
  readonly payload: object;
  /** The event's arguments after the charging station's id; absent: none. */
  readonly event?: readonly unknown[];
  /** Absent: both. OCPP 2.1 has made some words open. */
  readonly only?: Protocol2;
}

const now = '2024-05-01T12:00:00.000Z';
const status = { timestamp: now, connectorStatus: 'Available', evseId: 1, connectorId: 1 };
const available = { connector: '1', part: '1', state: 'Available', at: now };
const event = {
  eventType: 'Started',
  timestamp: now,
  triggerReason: 'Authorized',
  seqNo: 0,
  transactionInfo: { transactionId: 'T1' },
};
const started = {
  transactionId: 'T1',
  step: 'started',
  seqNo: 0,
  at: now,
  offline: false,
  trigger: 'Authorized',
  connector: undefined,
  samples: [],
};
const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'A', model: 'B' } };
const device = { vendor: 'A', model: 'B' };
const sampled = (values: unknown): object => ({ connector: '1', transactionId: undefined, samples: values });
const meterValues = (sampledValue: unknown, timestamp: unknown = now): object => ({
  evseId: 1,
  meterValue: [{ timestamp, sampledValue }],
});

const cases: Readonly<Record<string, readonly Case[]>> = {
  'status-of-1.6': ['Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'finishing'].map((connectorStatus) => ({
    action: 'StatusNotification',
    payload: { ...status, connectorStatus },
    event: [{ ...available, state: 'Occupied' }],
  })),
  'extra-field': [{ action: 'StatusNotification', payload: { ...status, errorCode: 'NoError' }, event: [available] }],
  'null-field': [{ action: 'TransactionEvent', payload: { ...event, evse: null }, event: [started] }],
  'no-payload': [{ action: 'Heartbeat', payload: [] }],
  'long-text': [
    {
      action: 'BootNotification',
      payload: { ...boot, chargingStation: { vendorName: 'A', model: 'B'.repeat(40) } },
      event: [{ vendor: 'A', model: 'B'.repeat(40) }],
    },
  ],
  'text-for-number': [
    { action: 'StatusNotification', payload: { ...status, evseId: '1' }, event: [available] },
    {
      action: 'MeterValues',
      payload: meterValues([{ value: '7.5' }]),
      event: [sampled([{ at: now, values: [{ value: '7.5' }] }])],
    },
  ],
  'number-for-text': [
    {
      action: 'TransactionEvent',
      payload: { ...event, transactionInfo: { transactionId: 12 } },
      event: [{ ...started, transactionId: '12' }],
    },
  ],
  'text-for-boolean': [
    { action: 'TransactionEvent', payload: { ...event, offline: 'True' }, event: [{ ...started, offline: true }] },
  ],
  'number-for-boolean': [
    { action: 'TransactionEvent', payload: { ...event, offline: 1 }, event: [{ ...started, offline: true }] },
  ],
  'object-for-list': [
    {
      action: 'MeterValues',
      payload: meterValues({ value: 1 }),
      event: [sampled([{ at: now, values: [{ value: '1' }] }])],
    },
  ],
  'letter-case': [
    { action: 'StatusNotification', payload: { ...status, connectorStatus: 'available' }, event: [available] },
    { action: 'TransactionEvent', payload: { ...event, eventType: 'STARTED' }, event: [started] },
  ],
  'unknown-sampled-word': [
    {
      action: 'MeterValues',
      payload: meterValues([{ value: 1, measurand: 'Happiness' }, { value: 2 }]),
      event: [sampled([{ at: now, values: [{ value: '2' }] }])],
    },
  ],
  'no-sampled-value': [
    {
      action: 'MeterValues',
      payload: meterValues([{ context: 'Other' }, { value: 2 }]),
      event: [sampled([{ at: now, values: [{ value: '2' }] }])],
    },
  ],
  'blank-field': [
    {
      action: 'TransactionEvent',
      payload: { ...event, transactionInfo: { transactionId: 'T1', stoppedReason: '' } },
      event: [started],
    },
  ],
  'timestamp-spelling': [
    { action: 'StatusNotification', payload: { ...status, timestamp: '2024-05-01T12:00:00' }, event: [available] },
  ],
  'timestamp-unreadable': [
    { action: 'TransactionEvent', payload: { ...event, timestamp: 'noon' }, event: [{ ...started, at: undefined }] },
  ],
  'no-timestamp': [
    {
      action: 'TransactionEvent',
      payload: { ...event, timestamp: undefined },
      event: [{ ...started, at: undefined }],
    },
    {
      action: 'MeterValues',
      payload: { evseId: 1, meterValue: [{ sampledValue: [{ value: 1 }] }] },
      event: [sampled([{ at: now, values: [{ value: '1' }] }])],
    },
  ],
  'no-meter-values': [{ action: 'MeterValues', payload: { evseId: 1 } }],
  'unknown-reason': [
    {
      action: 'TransactionEvent',
      payload: { ...event, triggerReason: 'Whim' },
      event: [{ ...started, trigger: 'Whim' }],
    },
    {
      action: 'TransactionEvent',
      payload: { ...event, transactionInfo: { transactionId: 'T1', stoppedReason: 'Bored' } },
      event: [{ ...started, reason: 'Bored' }],
    },
    {
      action: 'Authorize',
      payload: { idToken: { idToken: 'TAG', type: 'RFID' } },
      event: ['TAG'],
      only: 'ocpp2.0.1',
    },
  ],
  'unknown-charging-state': [
    {
      action: 'TransactionEvent',
      payload: { ...event, transactionInfo: { transactionId: 'T1', chargingState: 'Humming' } },
      event: [started],
    },
  ],
  'no-boot-reason': [
    { action: 'BootNotification', payload: { ...boot, reason: undefined }, event: [device] },
    { action: 'BootNotification', payload: { ...boot, reason: 'Monday' }, event: [device] },
  ],
  'no-generated-at': [
    {
      action: 'NotifyReport',
      payload: { requestId: 1, seqNo: 0 },
      event: [{ type: 'variables', variables: [], requestId: 1, first: true }],
    },
  ],
  'empty-list': [
    { action: 'TransactionEvent', payload: { ...event, meterValue: [] }, event: [started] },
    { action: 'MeterValues', payload: meterValues([]) },
  ],
  'bad-custom-data': [
    { action: 'StatusNotification', payload: { ...status, customData: { a: 1 } }, event: [available] },
    { action: 'StatusNotification', payload: { ...status, customData: 'x' }, event: [available] },
  ],
};

for (const protocol of bothProtocols) {
  describe(`tolerances in ${protocol}`, () => {
    for (const [name, list] of Object.entries(cases)) {
      list
        .filter(({ only }) => !only || only === protocol)
        .forEach(({ action, payload, event: expected }, index) => {
          it(`${name} ${index + 1}: ${action}`, async (t) => {
            const { peer, domain, server } = await connectStation(t, protocol);
            assert.equal((await peer.call(action, payload))[0], 3);
            assert.deepEqual(
              domain().map(([, id, ...rest]) => [id, ...rest]),
              expected ? [['CS1', ...expected]] : [],
            );
            assert.ok((server.counters().tolerances[name] ?? 0) >= 1);
          });
        });
    }
  });
}

describe('tolerances of OCPP 2.x', () => {
  it('each have a test here', () => {
    assert.deepEqual(Object.keys(cases).sort(), tolerances.map(({ name }) => name).sort());
  });

  it('are those that every version has, and some more', () => {
    const names = new Set(tolerances.map(({ name }) => name));
    assert.deepEqual(
      commonTolerances.filter(({ name }) => !names.has(name)),
      [],
    );
  });
});

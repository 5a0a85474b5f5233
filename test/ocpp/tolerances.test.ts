import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tolerances } from '../../ocpp-adapters/1.6/tolerances.js';
import { connectPeer, startServer } from './support.js';

interface Case {
  readonly action: string;
  readonly payload: unknown;
  /** The event's arguments after the charge point's id; `none`: no event, only the answer. */
  readonly event: readonly unknown[] | 'none';
}

const now = '2024-05-01T12:00:00.000Z';
const start = { connectorId: 1, idTag: 'TAG', meterStart: 100, timestamp: '2024-05-01T11:00:00Z' };
const started = { connector: '1', idTag: 'TAG', at: '2024-05-01T11:00:00.000Z', meterStartWh: 100 };
const stop = { transactionId: 7, meterStop: 200, timestamp: '2024-05-01T11:30:00Z' };
const stopped = {
  transactionId: '7',
  idTag: undefined,
  at: '2024-05-01T11:30:00.000Z',
  meterStopWh: 200,
  reason: undefined,
  samples: [],
};
const available = { connectorId: 1, errorCode: 'NoError', status: 'Available', timestamp: '2024-05-01T11:00:00Z' };
const statusAt = { connector: '1', state: 'Available', at: '2024-05-01T11:00:00.000Z' };

const meter = (...sampledValue: unknown[]): object => ({
  connectorId: 1,
  transactionId: 7,
  meterValue: [{ timestamp: '2024-05-01T11:10:00Z', sampledValue }],
});
const sampled = (...values: unknown[]): object => ({
  connector: '1',
  transactionId: '7',
  samples: [{ at: '2024-05-01T11:10:00.000Z', values }],
});

/** At least one case for each entry of the table, by its name. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  'extra-field': [
    { action: 'StartTransaction', payload: { ...start, vendorThing: { a: 1 }, __proto: 1 }, event: [started] },
    { action: 'MeterValues', payload: meter({ value: '1', signature: 'x' }), event: [sampled({ value: '1' })] },
    { action: 'Heartbeat', payload: { timestamp: 'x' }, event: 'none' },
  ],
  'null-field': [
    {
      action: 'StopTransaction',
      payload: { ...stop, idTag: null, reason: null, transactionData: null },
      event: [stopped],
    },
    {
      action: 'MeterValues',
      payload: meter(null, { value: '1', unit: null, measurand: null }),
      event: [sampled({ value: '1' })],
    },
  ],
  'no-payload': [undefined, null, '', []].map((payload) => ({ action: 'Heartbeat', payload, event: 'none' })),
  'long-text': [
    {
      action: 'StartTransaction',
      payload: { ...start, idTag: 'x'.repeat(40) },
      event: [{ ...started, idTag: 'x'.repeat(40) }],
    },
    {
      action: 'BootNotification',
      payload: {
        chargePointVendor: 'v'.repeat(30),
        chargePointModel: 'm'.repeat(30),
        chargePointSerialNumber: 's'.repeat(60),
      },
      event: [{ vendor: 'v'.repeat(30), model: 'm'.repeat(30), serialNumber: 's'.repeat(60) }],
    },
  ],
  'text-for-number': [
    { action: 'StartTransaction', payload: { ...start, connectorId: '1', meterStart: ' 100 ' }, event: [started] },
    { action: 'StopTransaction', payload: { ...stop, transactionId: '7' }, event: [stopped] },
  ],
  'number-for-text': [
    {
      action: 'MeterValues',
      payload: meter({ value: 12.3, unit: 'kWh' }),
      event: [sampled({ value: '12.3', unit: 'kWh' })],
    },
    { action: 'StartTransaction', payload: { ...start, idTag: 12345 }, event: [{ ...started, idTag: '12345' }] },
  ],
  'text-for-boolean': [], // in answers only: see below
  'number-for-boolean': [], // as well
  'no-transaction-id': [
    {
      action: 'StopTransaction',
      payload: { meterStop: 200, timestamp: stop.timestamp },
      event: [{ ...stopped, transactionId: '-1' }],
    },
  ],
  'object-for-text': [{ action: 'DataTransfer', payload: { vendorId: 'Acme', data: { soc: 80 } }, event: 'none' }],
  'object-for-list': [
    {
      action: 'MeterValues',
      payload: {
        connectorId: 1,
        transactionId: 7,
        meterValue: { timestamp: '2024-05-01T11:10:00Z', sampledValue: { value: '1' } },
      },
      event: [sampled({ value: '1' })],
    },
  ],
  'fractional-register': [
    { action: 'StartTransaction', payload: { ...start, meterStart: 99.6 }, event: [started] },
    { action: 'StopTransaction', payload: { ...stop, meterStop: '200.4' }, event: [stopped] },
  ],
  'no-register': [
    {
      action: 'StartTransaction',
      payload: { ...start, meterStart: undefined },
      event: [{ ...started, meterStartWh: undefined }],
    },
    {
      action: 'StopTransaction',
      payload: { ...stop, meterStop: null },
      event: [{ ...stopped, meterStopWh: undefined }],
    },
  ],
  'letter-case': [
    {
      action: 'MeterValues',
      payload: meter({ value: '1', unit: 'KWH', context: 'sample.periodic' }),
      event: [sampled({ value: '1', unit: 'kWh', context: 'Sample.Periodic' })],
    },
    {
      action: 'MeterValues',
      payload: meter({ value: '1', unit: 'kwh' }),
      event: [sampled({ value: '1', unit: 'kWh' })],
    },
    {
      action: 'StatusNotification',
      payload: { ...available, status: 'AVAILABLE', errorCode: 'noerror' },
      event: [statusAt],
    },
  ],
  'unknown-sampled-word': [
    {
      action: 'MeterValues',
      payload: meter({ value: '5', measurand: 'Energy.Total' }, { value: '1' }, { value: '9', unit: 'BTU' }),
      event: [sampled({ value: '1' })],
    },
    { action: 'MeterValues', payload: meter({ value: '5', measurand: '' }), event: 'none' },
    {
      action: 'StopTransaction',
      payload: {
        ...stop,
        transactionData: [{ timestamp: now, sampledValue: [{ value: '5', context: 'Whenever', unit: 'x' }] }],
      },
      event: [stopped],
    },
  ],
  'no-sampled-value': [
    {
      action: 'MeterValues',
      payload: meter({ unit: 'Wh' }, { value: '1' }, { value: null }, {}),
      event: [sampled({ value: '1' })],
    },
  ],
  'blank-field': [
    { action: 'StopTransaction', payload: { ...stop, reason: '', idTag: '' }, event: [stopped] },
    { action: 'StatusNotification', payload: { ...available, timestamp: '' }, event: [{ ...statusAt, at: undefined }] },
    { action: 'StartTransaction', payload: { ...start, reservationId: '' }, event: [started] },
    { action: 'MeterValues', payload: meter({ value: '1', unit: '', phase: ' ' }), event: [sampled({ value: '1' })] },
  ],
  'unknown-reason': [{ action: 'StopTransaction', payload: { ...stop, reason: 'Bored' }, event: [stopped] }],
  'unknown-error-code': [
    {
      action: 'StatusNotification',
      payload: { ...available, errorCode: 'E-17' },
      event: [{ ...statusAt, errorCode: 'OtherError' }],
    },
  ],
  'no-error-code': [
    { action: 'StatusNotification', payload: { ...available, errorCode: undefined }, event: [statusAt] },
    {
      action: 'StatusNotification',
      payload: { ...available, errorCode: null, status: 'Faulted' },
      event: [{ ...statusAt, state: 'Faulted', errorCode: 'OtherError' }],
    },
  ],
  'timestamp-spelling': [
    '2024-05-01T11:00:00',
    '2024-05-01T11:00:00,000Z',
    '2024-05-01T11:00Z',
    '2024-05-01t13:00+0200',
  ].map((timestamp) => ({ action: 'StartTransaction', payload: { ...start, timestamp }, event: [started] })),
  'timestamp-unreadable': [
    {
      action: 'StartTransaction',
      payload: { ...start, timestamp: 'yesterday' },
      event: [{ ...started, at: undefined }],
    },
    {
      action: 'StatusNotification',
      payload: { ...available, timestamp: '0000-00-00T00:00:00Z' },
      event: [{ ...statusAt, at: undefined }],
    },
    { action: 'StopTransaction', payload: { ...stop, timestamp: 1714561200 }, event: [{ ...stopped, at: undefined }] },
  ],
  'no-timestamp': [
    { action: 'StartTransaction', payload: { ...start, timestamp: undefined }, event: [{ ...started, at: undefined }] },
    {
      action: 'MeterValues',
      payload: { connectorId: 1, transactionId: 7, meterValue: [{ timestamp: null, sampledValue: [{ value: '1' }] }] },
      event: [{ connector: '1', transactionId: '7', samples: [{ at: now, values: [{ value: '1' }] }] }],
    },
  ],
  'no-meter-values': [
    { action: 'MeterValues', payload: { connectorId: 1 }, event: 'none' },
    { action: 'MeterValues', payload: { connectorId: 1, meterValue: [{ timestamp: now }] }, event: 'none' },
    { action: 'StopTransaction', payload: { ...stop, transactionData: [{ timestamp: now }] }, event: [stopped] },
  ],
  'precise-limit': [], // only answers have limits: see below
};

describe('tolerances of OCPP 1.6', () => {
  it('each have a test here', () => {
    assert.deepEqual(Object.keys(cases).sort(), tolerances.map(({ name }) => name).sort());
  });

  for (const [name, list] of Object.entries(cases)) {
    list.forEach(({ action, payload, event }, index) => {
      it(`${name} ${index + 1}: ${action}`, async (t) => {
        const { url, domain, server, log } = await startServer(t);
        const peer = await connectPeer(t, `${url}/CP1`);
        assert.equal((await peer.call(action, payload, 'id'))[0], 3);
        if (event === 'none') assert.deepEqual(domain(), []);
        else
          assert.deepEqual(
            domain().map(([, id, ...rest]) => [id, ...rest]),
            [['CP1', ...event]],
          );
        assert.ok((server.counters().tolerances[name] ?? 0) >= 1);
        assert.ok(log.some((line) => line['tolerance'] === name && line['chargePoint'] === 'CP1'));
      });
    });
  }

  it('read a frame without payload as one with an empty payload', async (t) => {
    const { url, server } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.sendText('[2,"id","Heartbeat"]');
    assert.equal((await peer.next())[0], 3);
    assert.equal(server.counters().tolerances['no-payload'], 1);
  });

  it('hold for answers of charge points, too', async (t) => {
    const { url, server } = await startServer(t, {
      events: { admit: async () => ({ result: 'admitted', booted: true }) },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    await peer.call('Heartbeat', {});
    const configuration = server.link.send('CP1', { type: 'getConfiguration', keys: [] });
    await peer.answer({
      configurationKey: [
        { key: 'A', readonly: 'False', value: 300 },
        { key: 'B', readonly: true, value: null },
        { key: 'C', readonly: 0 },
      ],
      extra: 1,
    });
    assert.deepEqual(await configuration, {
      status: 'accepted',
      answer: {
        configurationKey: [
          { key: 'A', readonly: false, value: '300' },
          { key: 'B', readonly: true },
          { key: 'C', readonly: false },
        ],
      },
    });
    const reset = server.link.send('CP1', { type: 'reset', hard: false });
    await peer.answer({ status: 'accepted' });
    assert.equal((await reset).status, 'accepted');
    assert.equal(server.counters().tolerances['text-for-boolean'], 1);
    assert.equal(server.counters().tolerances['number-for-boolean'], 1);
    const schedule = server.link.send('CP1', { type: 'getCompositeSchedule', connector: '1', durationS: 60 });
    await peer.answer({
      status: 'Accepted',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.125 }] },
    });
    assert.equal((await schedule).status, 'accepted');
    assert.equal(server.counters().tolerances['precise-limit'], 1);
  });

  it('are logged and reported once a connection and counted each time', async (t) => {
    const { url, server, log, all } = await startServer(t);
    const logged = (): number => log.filter((line) => line['tolerance'] === 'unknown-reason').length;
    const reported = (): unknown[] => all.filter(([name]) => name === 'deviated');
    for (const connection of [1, 2]) {
      const peer = await connectPeer(t, `${url}/CP1`);
      for (let time = 0; time < 3; time++) await peer.call('StopTransaction', { ...stop, reason: 'Bored' });
      assert.equal(logged(), connection);
      assert.deepEqual(reported(), Array(connection).fill(['deviated', 'CP1', ['unknown-reason']]));
    }
    assert.equal(server.counters().tolerances['unknown-reason'], 6);
  });

  it('do not touch valid messages', async (t) => {
    const { url, server, domain } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    await peer.call('StartTransaction', start);
    await peer.call('StopTransaction', { ...stop, reason: 'Local', timestamp: '2024-05-01T13:30:00.5+02:00' });
    assert.deepEqual(server.counters().tolerances, {});
    assert.deepEqual(domain()[1]?.[2], { ...stopped, reason: 'Local', at: '2024-05-01T11:30:00.500Z' });
  });
});

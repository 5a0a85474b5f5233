import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { RPCClient } from 'ocpp-rpc';
import type { ChargePointCommand } from '../../src/domain/command.js';
import { createSimulatedChargePoint } from '../../src/demo/charge-point.js';
import { pythonOrReason, pythonScript } from '../support/peers/python.js';
import { startServer, type TestServer } from './support.js';

/** The events of a whole charge, without what differs from peer to peer. */
const namesOf = ({ all }: TestServer): string[] => all.map(([name]) => name);

const wholeCharge = [
  'admit',
  'connected',
  'booted',
  'statusChanged',
  'authorizeAsked',
  'transactionStarted',
  'meterSampled',
  'transactionEnded',
  'disconnected',
];

describe('charge points that are not ours', () => {
  it('PyPI ocpp (The Mobility House) charges', async (t) => {
    const found = await pythonOrReason();
    if ('reason' in found) {
      t.skip(found.reason);
      return;
    }
    const server = await startServer(t);
    const charging = promisify(execFile)(
      found.python,
      [pythonScript('charge_point.py'), server.url, 'PY1', 'a-password-of-16'],
      { timeout: 30_000 },
    );
    await Promise.race([server.seen('authorizeAsked'), charging]);
    const ask = async (command: ChargePointCommand): Promise<string> =>
      (await server.server.link.send('PY1', command)).status;
    assert.equal(
      await ask({
        type: 'reserveNow',
        reservationId: 5,
        idTag: 'PYTAG',
        connector: '1',
        expiresAt: server.clock.now(),
      }),
      'occupied',
    );
    assert.equal(
      await ask({ type: 'sendLocalList', version: 4, full: true, entries: [{ idTag: 'A', status: 'Accepted' }] }),
      'accepted',
    );
    assert.deepEqual((await server.server.link.send('PY1', { type: 'getLocalListVersion' })).answer, {
      listVersion: 4,
    });
    const profile = { id: 1, purpose: 'TxDefaultProfile', stackLevel: 0, unit: 'A' } as const;
    assert.equal(
      await ask({
        type: 'setChargingProfile',
        connector: '1',
        profile: { ...profile, periods: [{ startS: 0, limit: 16.1 }] },
      }),
      'accepted',
    );
    const url = 'https://files.example.com/fw.bin';
    const signed = { signature: 'c2ln', signingCertificate: 'PEM' };
    assert.equal(
      await ask({ type: 'updateFirmware', requestId: 3, url, retrieveAt: server.clock.now(), ...signed }),
      'accepted',
    );
    // it does not handle this one
    assert.equal(await ask({ type: 'cancelReservation', reservationId: 5 }), 'not-supported');
    const remoteStart = await server.server.link.send('PY1', { type: 'remoteStart', idTag: 'PYTAG', connector: '1' });
    assert.equal(remoteStart.status, 'accepted');
    assert.deepEqual(JSON.parse((await charging).stdout), {
      boot: 'Accepted',
      authorize: 'Accepted',
      remoteStart: ['PYTAG', 1],
      asked: [
        ['ReserveNow', 1, 'PYTAG', 5],
        ['SendLocalList', 4, 'Full', ['A']],
        ['SetChargingProfile', 1, 16.1],
        ['SignedUpdateFirmware', 3, url],
      ],
      sign: 'Accepted',
      start: [7, 'Accepted'],
      stop: 'Accepted',
    });
    await server.seen('disconnected');
    const maintenance = ['deviceReported', 'certificateRequested'];
    assert.deepEqual(
      namesOf(server).filter((name) => !maintenance.includes(name)),
      wholeCharge,
    );
    assert.deepEqual(
      server.all.filter(([name]) => name === 'deviceReported').map(([, , report]) => (report as { what: string }).what),
      [
        'FirmwareStatusNotification',
        'SignedFirmwareStatusNotification',
        'LogStatusNotification',
        'SecurityEventNotification',
      ],
    );
    const [, admission] = await server.seen('admit');
    assert.deepEqual((admission as { credentials: unknown }).credentials, {
      username: 'PY1',
      password: 'a-password-of-16',
    });
    const [, , sampled] = await server.seen('meterSampled');
    assert.deepEqual((sampled as { samples: { values: unknown }[] }).samples[0]?.values, [
      { value: '1500', unit: 'Wh' },
    ]);
    const [, , ended] = await server.seen('transactionEnded');
    assert.equal((ended as { meterStopWh: number }).meterStopWh, 2000);
    assert.deepEqual(server.server.counters().callErrors.sent, {});
  });

  it('npm ocpp-rpc, which checks our answers strictly, charges', async (t) => {
    const server = await startServer(t);
    const client = new RPCClient({
      endpoint: server.url,
      identity: 'RPC1',
      password: 'a-password-of-16',
      protocols: ['ocpp1.6'],
      strictMode: true,
      reconnect: false,
      // the rest is what the library takes by default: its types ask for all of them
    } as ConstructorParameters<typeof RPCClient>[0]);
    const broken: unknown[] = [];
    client.on('strictValidationFailure', (failure: unknown) => broken.push(failure));
    client.handle('RemoteStopTransaction', async () => ({ status: 'Accepted' }));
    await client.connect();
    const call = async (action: string, payload: object): Promise<Record<string, unknown>> =>
      (await client.call(action, payload)) as Record<string, unknown>;
    const timestamp = '2024-05-01T12:00:00.000Z';

    assert.equal(
      (await call('BootNotification', { chargePointVendor: 'npm', chargePointModel: 'rpc' }))['status'],
      'Accepted',
    );
    await call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' });
    assert.deepEqual(await call('Authorize', { idTag: 'TAG' }), { idTagInfo: { status: 'Accepted' } });
    const started = await call('StartTransaction', { connectorId: 1, idTag: 'TAG', meterStart: 0, timestamp });
    assert.deepEqual(started, { transactionId: 7, idTagInfo: { status: 'Accepted' } });
    await call('MeterValues', {
      connectorId: 1,
      transactionId: 7,
      meterValue: [{ timestamp, sampledValue: [{ value: '5' }] }],
    });
    assert.equal(
      (await server.server.link.send('RPC1', { type: 'remoteStop', transactionId: '7' })).status,
      'accepted',
    );
    // an action that it does not handle
    assert.equal((await server.server.link.send('RPC1', { type: 'clearCache' })).status, 'not-supported');
    assert.deepEqual(await call('StopTransaction', { transactionId: 7, meterStop: 10, timestamp }), {});
    await client.close({ code: 1000 });
    await server.seen('disconnected');
    assert.deepEqual(namesOf(server), wholeCharge);
    assert.deepEqual(broken, []);
  });
});

describe('the simulated charge point', () => {
  it('charges', async (t) => {
    const server = await startServer(t);
    const chargePoint = createSimulatedChargePoint({ url: server.url, id: 'SIM 1', password: 'secret' });
    await chargePoint.connect();
    assert.deepEqual(await chargePoint.boot(), { status: 'Accepted', interval: 300 });
    await chargePoint.status(1, 'Available');
    assert.equal(await chargePoint.authorize('TAG'), 'Accepted');
    const { transactionId, status } = await chargePoint.startTransaction({ connector: 1, idTag: 'TAG', meterWh: 100 });
    assert.deepEqual([transactionId, status], [7, 'Accepted']);
    await chargePoint.meterValues({ connector: 1, transactionId, meterWh: 200 });
    await chargePoint.stopTransaction({ transactionId, meterWh: 300, idTag: 'TAG', reason: 'Local' });
    assert.equal(await chargePoint.heartbeat(), '2024-05-01T12:00:00.000Z');
    await chargePoint.disconnect();
    assert.equal(await chargePoint.closed(), 1000);
    await server.seen('disconnected');
    assert.deepEqual(namesOf(server), wholeCharge);
    const [, admission] = await server.seen('admit');
    assert.deepEqual((admission as { credentials: unknown }).credentials, { username: 'SIM 1', password: 'secret' });
    assert.deepEqual(server.server.counters().tolerances, {});
  });

  it('answers commands by itself or as it is told, and what is triggered comes', async (t) => {
    const { url, server, seen, clock } = await startServer(t);
    const chargePoint = createSimulatedChargePoint({ url, id: 'SIM', connectors: 2 });
    await chargePoint.connect();
    await chargePoint.boot();
    const ask = async (command: Parameters<typeof server.link.send>[1]): Promise<string> =>
      (await server.link.send('SIM', command)).status;
    assert.equal(await ask({ type: 'remoteStart', idTag: 'TAG', connector: '2' }), 'accepted');
    assert.equal(await ask({ type: 'remoteStart', idTag: 'TAG', connector: '3' }), 'rejected');
    assert.equal(await ask({ type: 'remoteStop', transactionId: '7' }), 'accepted');
    assert.equal(await ask({ type: 'unlockConnector', connector: '1' }), 'accepted');
    assert.equal(await ask({ type: 'unlockConnector', connector: '9' }), 'not-supported');
    assert.equal(await ask({ type: 'reset', hard: true }), 'accepted');
    assert.equal(await ask({ type: 'clearCache' }), 'accepted');
    assert.equal(await ask({ type: 'changeAvailability', connector: '0', operative: true }), 'accepted');
    assert.equal(await ask({ type: 'changeConfiguration', key: 'HeartbeatInterval', value: '9' }), 'accepted');
    assert.equal(await ask({ type: 'changeConfiguration', key: 'NumberOfConnectors', value: '9' }), 'rejected');
    assert.equal(await ask({ type: 'changeConfiguration', key: 'Nonsense', value: '9' }), 'not-supported');
    assert.equal(await ask({ type: 'dataTransfer', vendorId: 'x' }), 'not-supported');
    const reservation = { type: 'reserveNow', reservationId: 1, idTag: 'TAG', expiresAt: clock.now() } as const;
    assert.equal(await ask({ ...reservation, connector: '2' }), 'accepted');
    assert.equal(await ask({ ...reservation, connector: '3' }), 'rejected');
    assert.equal(await ask({ type: 'cancelReservation', reservationId: 1 }), 'accepted');
    assert.equal(await ask({ type: 'cancelReservation', reservationId: 1 }), 'rejected');
    assert.equal(await ask({ type: 'sendLocalList', version: 3, full: true, entries: [] }), 'accepted');
    assert.equal(await ask({ type: 'sendLocalList', version: 3, full: false, entries: [] }), 'rejected');
    assert.deepEqual((await server.link.send('SIM', { type: 'getLocalListVersion' })).answer, { listVersion: 3 });
    assert.deepEqual(
      (await server.link.send('SIM', { type: 'getConfiguration', keys: ['HeartbeatInterval', 'X'] })).answer,
      {
        configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '9' }],
        unknownKey: ['X'],
      },
    );
    assert.equal(await ask({ type: 'trigger', message: 'MeterValues' }), 'not-supported');
    assert.equal(await ask({ type: 'trigger', message: 'StatusNotification', connector: '2' }), 'accepted');
    assert.deepEqual((await seen('statusChanged')).slice(1, 2), ['SIM']);

    chargePoint.on('ClearCache', () => ({ status: 'Rejected' }));
    assert.equal(await ask({ type: 'clearCache' }), 'rejected');
    chargePoint.on('ClearCache', () => {
      throw new Error('flash is full');
    });
    assert.equal(await ask({ type: 'clearCache' }), 'failed');
    await assert.rejects(chargePoint.call('MakeCoffee', {}), { name: 'CallRefused', code: 'NotImplemented' });
    server.link.disconnect('SIM', 'end');
    assert.equal(await chargePoint.closed(), 1008);
    await assert.rejects(chargePoint.heartbeat(), /not connected/);
  });

  it('says why it is not let in', async (t) => {
    const { url } = await startServer(t, { events: { admit: async () => ({ result: 'unauthorized' }) } });
    await assert.rejects(createSimulatedChargePoint({ url, id: 'SIM' }).connect(), /401/);
  });
});

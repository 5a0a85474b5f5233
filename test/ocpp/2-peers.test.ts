import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { RPCClient } from 'ocpp-rpc';
import { createSimulatedChargingStation } from '../support/charging-station.js';
import { pythonOrReason, pythonScript } from '../support/peers/python.js';
import { bothProtocols } from './stations.js';
import { startServer, type TestServer } from './support.js';

const namesOf = ({ all }: TestServer): string[] => all.map(([name]) => name);

const wholeCharge = [
  'admit',
  'connected',
  'booted',
  'statusChanged',
  'authorizeAsked',
  'transactionStep',
  'transactionStep',
  'transactionStep',
  'disconnected',
];

const stepsOf = ({ all }: TestServer): Record<string, unknown>[] =>
  all.filter(([name]) => name === 'transactionStep').map(([, , step]) => step as Record<string, unknown>);

for (const protocol of bothProtocols) {
  describe(`charging stations that are not ours, in ${protocol}`, () => {
    it('PyPI ocpp (The Mobility House) charges', async (t) => {
      const found = await pythonOrReason();
      if ('reason' in found) {
        t.skip(found.reason);
        return;
      }
      const server = await startServer(t);
      const charging = promisify(execFile)(
        found.python,
        [pythonScript('charging_station.py'), server.url, 'PY2', 'a-password-of-16', protocol],
        { timeout: 30_000 },
      );
      await Promise.race([server.seen('authorizeAsked'), charging]);
      const command = { type: 'remoteStart', idTag: '04A1B2C3', connector: '1', remoteStartId: 9 } as const;
      assert.equal((await server.server.link.send('PY2', command)).status, 'accepted');
      assert.deepEqual(JSON.parse((await charging).stdout), {
        boot: 'Accepted',
        authorize: 'Accepted',
        remoteStart: { evse_id: 1, remote_start_id: 9, id_token: { id_token: '04A1B2C3', type: 'ISO14443' } },
        started: 'Accepted',
        updated: null,
        ended: 'Accepted',
      });
      await server.seen('disconnected');
      assert.deepEqual(namesOf(server), wholeCharge);
      assert.deepEqual(
        stepsOf(server).map(({ step, seqNo, idTag, remoteStartId, reason }) => ({
          step,
          seqNo,
          idTag,
          remoteStartId,
          reason,
        })),
        [
          { step: 'started', seqNo: 0, idTag: '04A1B2C3', remoteStartId: 9, reason: undefined },
          { step: 'updated', seqNo: 1, idTag: undefined, remoteStartId: undefined, reason: undefined },
          { step: 'ended', seqNo: 2, idTag: '04A1B2C3', remoteStartId: undefined, reason: 'Local' },
        ],
      );
      assert.deepEqual((stepsOf(server)[1]?.['samples'] as { values: unknown }[])[0]?.values, [
        { value: '1.5', context: 'Sample.Periodic', unit: 'kWh' },
      ]);
      assert.deepEqual(server.server.counters().callErrors.sent, {});
      assert.deepEqual(server.server.counters().tolerances, {});
    });

    // its schemas of OCPP 2.1 have names under which it does not look for them
    const strictMode = protocol === 'ocpp2.0.1';

    it(`npm ocpp-rpc${strictMode ? ', which checks our answers strictly,' : ''} charges`, async (t) => {
      const server = await startServer(t);
      const client = new RPCClient({
        endpoint: server.url,
        identity: 'RPC2',
        password: 'a-password-of-16',
        protocols: [protocol],
        strictMode,
        reconnect: false,
        // the rest is what the library takes by default: its types ask for all of them
      } as ConstructorParameters<typeof RPCClient>[0]);
      const broken: unknown[] = [];
      client.on('strictValidationFailure', (failure: unknown) => broken.push(failure));
      client.handle('RequestStopTransaction', async () => ({ status: 'Accepted' }));
      await client.connect();
      const call = async (action: string, payload: object): Promise<Record<string, unknown>> =>
        (await client.call(action, payload)) as Record<string, unknown>;
      const timestamp = '2024-05-01T12:00:00.000Z';
      const idToken = { idToken: '04A1B2C3', type: 'ISO14443' };
      const step = (eventType: string, seqNo: number, more: object = {}): Promise<Record<string, unknown>> =>
        call('TransactionEvent', {
          eventType,
          timestamp,
          triggerReason: 'Trigger',
          seqNo,
          transactionInfo: { transactionId: 'T1' },
          evse: { id: 1 },
          ...more,
        });

      const chargingStation = { vendorName: 'npm', model: 'rpc' };
      assert.equal((await call('BootNotification', { reason: 'PowerUp', chargingStation }))['status'], 'Accepted');
      await call('StatusNotification', { timestamp, connectorStatus: 'Available', evseId: 1, connectorId: 1 });
      assert.deepEqual(await call('Authorize', { idToken }), { idTokenInfo: { status: 'Accepted' } });
      assert.deepEqual(await step('Started', 0, { idToken }), { idTokenInfo: { status: 'Accepted' } });
      const sampledValue = [{ value: 5, unitOfMeasure: { unit: 'Wh', multiplier: 0 } }];
      assert.deepEqual(await step('Updated', 1, { meterValue: [{ timestamp, sampledValue }] }), {});
      const { link } = server.server;
      assert.equal((await link.send('RPC2', { type: 'remoteStop', transactionId: 'T1' })).status, 'accepted');
      // an action that it does not handle
      assert.equal((await link.send('RPC2', { type: 'clearCache' })).status, 'not-supported');
      assert.deepEqual(await step('Ended', 2), {});
      await client.close({ code: 1000 });
      await server.seen('disconnected');
      assert.deepEqual(namesOf(server), wholeCharge);
      assert.deepEqual(broken, []);
    });

    it('the simulated one charges, and answers commands', async (t) => {
      const server = await startServer(t);
      const station = createSimulatedChargingStation({
        url: server.url,
        id: 'SIM',
        password: 'secret',
        protocol,
        evses: 2,
      });
      await station.connect();
      assert.deepEqual(await station.boot(), { status: 'Accepted', interval: 300 });
      await station.status(1, 1, 'Available');
      assert.equal(await station.authorize('TAG'), 'Accepted');
      const transaction = { transactionId: 'T1', evse: 1, connector: 1 };
      const started = { ...transaction, step: 'Started', trigger: 'Authorized', idTag: 'TAG', meterWh: 100 } as const;
      assert.equal((await station.transaction(started)).status, 'Accepted');
      await station.transaction({
        ...transaction,
        step: 'Updated',
        trigger: 'MeterValuePeriodic',
        meterWh: 200,
        exportWh: 5,
      });
      const { link } = server.server;
      const ask = async (command: Parameters<typeof link.send>[1]): Promise<string> =>
        (await link.send('SIM', command)).status;
      assert.equal(await ask({ type: 'remoteStart', idTag: 'TAG', connector: '2' }), 'accepted');
      assert.equal(await ask({ type: 'remoteStart', idTag: 'TAG', connector: '3' }), 'rejected');
      assert.equal(
        await ask({ type: 'changeConfiguration', key: 'OCPPCommCtrlr.HeartbeatInterval', value: '9' }),
        'accepted',
      );
      assert.equal(await ask({ type: 'changeConfiguration', key: 'Nonsense.Nonsense', value: '9' }), 'not-supported');
      assert.equal(await ask({ type: 'trigger', message: 'Heartbeat' }), 'accepted');
      station.on('ClearCache', () => ({ status: 'Rejected' }));
      assert.equal(await ask({ type: 'clearCache' }), 'rejected');
      await station.transaction({
        ...transaction,
        step: 'Ended',
        trigger: 'EVDeparted',
        stoppedReason: 'EVDisconnected',
      });
      await station.disconnect();
      assert.equal(await station.closed(), 1000);
      await server.seen('disconnected');
      assert.deepEqual(namesOf(server), wholeCharge);
      assert.deepEqual(
        stepsOf(server).map(({ seqNo }) => seqNo),
        [0, 1, 2],
      );
      assert.deepEqual(server.server.counters().tolerances, {});
    });
  });
}

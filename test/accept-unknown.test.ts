import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createSimulatedChargePoint } from '../src/demo/charge-point.js';
import { startWorld, until, type Json, type World } from './support/bridge.js';

describe('charge points that nobody described, with acceptUnknown', () => {
  let world: World;
  before(async () => {
    world = await startWorld({ config: { acceptUnknown: true } });
  });
  after(() => world.close());

  const evses = (): readonly Json[] =>
    (world.emsp.objects.locations.get('NL/RBR/WILD/1')?.['evses'] ?? []) as readonly Json[];

  it('come in without a password, and their placeholder location grows with what they report', async () => {
    const url = `ws://127.0.0.1:${world.bridge.ocppPort}/ocpp`;
    const wild = createSimulatedChargePoint({ url, id: 'WILD/1', connectors: 2 });
    await wild.connect();
    assert.equal((await wild.boot()).status, 'Accepted');
    for (const connector of [1, 2]) await wild.status(connector, 'Available');
    await until(() => evses().length === 2 && evses().every(({ status }) => status === 'AVAILABLE'), 'both EVSEs');
    assert.deepEqual(
      evses().map(({ uid }) => uid),
      ['WILD/1-1', 'WILD/1-2'],
    );
    world.emsp.setToken({ uid: 'CARD', whitelist: 'ALWAYS' });
    await world.emsp.pushToken('CARD');
    const { transactionId, status } = await wild.startTransaction({ connector: 2, idTag: 'CARD', meterWh: 0 });
    assert.equal(status, 'Accepted');
    await wild.stopTransaction({ transactionId, meterWh: 400 });
    const cdr = await until(() => world.emsp.objects.cdrs[0], 'a CDR');
    assert.equal((cdr['cdr_location'] as Json)['evse_uid'], 'WILD/1-2');
    await wild.disconnect();
  });

  it('but those that are known still need theirs', async () => {
    const url = `ws://127.0.0.1:${world.bridge.ocppPort}/ocpp`;
    await assert.rejects(createSimulatedChargePoint({ url, id: 'CP-1' }).connect(), /401/);
  });
});

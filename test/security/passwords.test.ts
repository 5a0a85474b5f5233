import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createSimulatedChargePoint, type SimulatedChargePoint } from '../../src/demo/charge-point.js';
import { CHARGE_POINT, PASSWORD, startWorld, testSite, type Json, type World } from '../support/bridge.js';
import { createBridgeProcess } from '../support/bridge-process.js';

const NEW = 'a quite new password';

const withPassword = (ocppPort: number, password: string): SimulatedChargePoint =>
  createSimulatedChargePoint({ url: `ws://127.0.0.1:${ocppPort}/ocpp`, id: CHARGE_POINT, password });

async function world(t: TestContext): Promise<World> {
  const started = await startWorld();
  t.after(() => started.close());
  await started.chargePoint.connect();
  await started.chargePoint.boot();
  return started;
}

const comesIn = async (ocppPort: number, password: string): Promise<boolean> => {
  const peer = withPassword(ocppPort, password);
  try {
    await peer.connect();
  } catch (error) {
    assert.match(String(error), /401/);
    return false;
  }
  await peer.disconnect();
  return true;
};

describe('a password that changes at run time (OCPP 1.6 security whitepaper A01)', () => {
  const path = `/api/charge-points/${CHARGE_POINT}/password`;

  it('is told first; the old one is good until the charge point is back with the new one', async (t) => {
    const { bridge, operator, chargePoint } = await world(t);
    let told: unknown;
    chargePoint.on('ChangeConfiguration', (payload) => {
      told = payload;
      return { status: 'Accepted' };
    });
    const { data } = await operator('POST', path, {});
    const { password } = data as { password: string };
    assert.deepEqual(told, { key: 'AuthorizationKey', value: password });
    assert.equal(await chargePoint.closed(), 1008);
    assert.equal(await comesIn(bridge.ocppPort, PASSWORD), true);
    assert.equal(await comesIn(bridge.ocppPort, 'neither'), false);
    assert.equal(await comesIn(bridge.ocppPort, password), true);
    assert.equal(await comesIn(bridge.ocppPort, PASSWORD), false);
    assert.equal(await comesIn(bridge.ocppPort, password), true);
  });

  it('that the charge point refuses is not set', async (t) => {
    const { bridge, operator, chargePoint } = await world(t);
    chargePoint.on('ChangeConfiguration', () => ({ status: 'Rejected' }));
    const { status, data } = await operator('POST', path, { password: NEW });
    assert.ok(status >= 400, String(status));
    assert.match(JSON.stringify(data), /refuses the new password/);
    assert.equal(await comesIn(bridge.ocppPort, NEW), false);
    assert.equal(await comesIn(bridge.ocppPort, PASSWORD), true);
  });

  it('that it can’t be told is the only one at once: offline, or not knowing the key', async (t) => {
    const { bridge, operator, chargePoint } = await world(t);
    await operator('POST', path, { password: NEW });
    assert.equal(await chargePoint.closed(), 1008);
    assert.equal(await comesIn(bridge.ocppPort, PASSWORD), false);
    assert.equal(await comesIn(bridge.ocppPort, NEW), true);
    await operator('POST', path, { password: PASSWORD });
    assert.equal(await comesIn(bridge.ocppPort, NEW), false);
    assert.equal(await comesIn(bridge.ocppPort, PASSWORD), true);
  });

  it('that it may have taken is good beside the old one, and beside one that comes after it', async (t) => {
    const { bridge, operator, chargePoint } = await world(t);
    chargePoint.on('ChangeConfiguration', async () => {
      await chargePoint.disconnect();
      return { status: 'Accepted' };
    });
    await operator('POST', path, { password: NEW });
    const again = withPassword(bridge.ocppPort, PASSWORD);
    await again.connect();
    await again.boot();
    again.on('ChangeConfiguration', () => ({ status: 'RebootRequired' }));
    await operator('POST', path, { password: 'one that comes later' });
    await again.disconnect();
    assert.equal(await comesIn(bridge.ocppPort, NEW), true);
    assert.equal(await comesIn(bridge.ocppPort, PASSWORD), false, 'a later one was shown');
    assert.equal(await comesIn(bridge.ocppPort, 'one that comes later'), true);
    assert.equal(await comesIn(bridge.ocppPort, NEW), false);
  });

  it('nor what is on its way is shown to the operator', async (t) => {
    const { operator, chargePoint } = await world(t);
    chargePoint.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
    await operator('POST', path, { password: NEW });
    const { data } = await operator('GET', `/api/charge-points/${CHARGE_POINT}`);
    assert.equal((data as Json)['passwordPending'], true);
    assert.doesNotMatch(JSON.stringify(data), /scrypt/);
  });

  it('survives a kill -9 between telling it and its answer', async (t) => {
    const bridge = await createBridgeProcess();
    t.after(() => bridge.destroy());
    await bridge.start();
    await bridge.operator('POST', '/api/import', testSite());
    const peer = withPassword(bridge.ocppPort, PASSWORD);
    await peer.connect();
    await peer.boot();
    const told = new Promise<void>((resolve) =>
      peer.on('ChangeConfiguration', () => {
        resolve();
        return new Promise(() => undefined);
      }),
    );
    const asked = bridge.operator('POST', path, { password: NEW }).catch(() => undefined);
    await told;
    await bridge.kill();
    await asked;
    await bridge.start();
    assert.equal(await comesIn(bridge.ocppPort, PASSWORD), true, 'if it never took the new one');
    assert.equal(await comesIn(bridge.ocppPort, NEW), true, 'if it did');
    await bridge.kill();
    await bridge.start();
    assert.equal(await comesIn(bridge.ocppPort, PASSWORD), false, 'as the new one was shown');
    assert.equal(await comesIn(bridge.ocppPort, NEW), true);
  });
});

describe('a security profile that changes at run time (OCPP 1.6 security whitepaper A05)', () => {
  const path = `/api/charge-points/${CHARGE_POINT}/security-profile`;

  it('is told, and the present one is good until the charge point has risen', async (t) => {
    const { bridge, operator, chargePoint } = await world(t);
    let told: unknown;
    chargePoint.on('ChangeConfiguration', (payload) => {
      told = payload;
      return { status: 'Accepted' };
    });
    const { data } = await operator('POST', path, { profile: 2 });
    assert.deepEqual(data, { securityProfile: 2, told: 'accepted' });
    assert.deepEqual(told, { key: 'SecurityProfile', value: '2' });
    assert.equal(await comesIn(bridge.ocppPort, PASSWORD), true);
  });

  it('that it refuses is not set', async (t) => {
    const { operator, chargePoint } = await world(t);
    chargePoint.on('ChangeConfiguration', () => ({ status: 'Rejected' }));
    assert.ok((await operator('POST', path, { profile: 2 })).status >= 400);
    const { data } = await operator('GET', `/api/charge-points/${CHARGE_POINT}`);
    assert.equal((data as Json)['securityProfile'], 1);
  });

  it('that it can’t be told is the least at once, and its connection ends', async (t) => {
    const { bridge, operator, chargePoint } = await world(t);
    const { data } = await operator('POST', path, { profile: 3 });
    assert.deepEqual(data, { securityProfile: 3, told: 'not-supported' });
    assert.equal(await chargePoint.closed(), 1008);
    await assert.rejects(withPassword(bridge.ocppPort, PASSWORD).connect(), /403/);
    await operator('POST', path, { profile: 1 });
    assert.equal(await comesIn(bridge.ocppPort, PASSWORD), true);
  });

  it('of a password needs one', async (t) => {
    const { operator } = await world(t);
    await operator('POST', '/api/import', testSite({ charge_points: [{ id: 'CP-5', evses: {} }] }));
    assert.equal((await operator('POST', '/api/charge-points/CP-5/security-profile', { profile: 2 })).status, 422);
    assert.equal((await operator('POST', '/api/charge-points/CP-5/security-profile', { profile: 4 })).status, 422);
    assert.equal((await operator('POST', '/api/charge-points/nobody/security-profile', { profile: 0 })).status, 404);
  });
});

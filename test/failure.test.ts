import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SimulatedChargePoint } from '../src/demo/charge-point.js';
import type { FaultOf } from '../src/demo/emsp-recorder.js';
import { createSimulatedEmsp, type SimulatedEmsp } from '../src/demo/emsp.js';
import { chargePointAt, registerEmsp, startWorld, testSite, until, type Json, type World } from './support/bridge.js';
import { createBridgeProcess, type BridgeProcess } from './support/bridge-process.js';

const CARD = '04A2B3C4D5E6F7';
const MINUTE_MS = 60_000;
const ago = (minutes: number): Date => new Date(Date.now() - minutes * MINUTE_MS);

const isCdrPost = ({ method, path }: { method: string; path: string }): boolean =>
  method === 'POST' && path.endsWith('/cdrs');

/** The CDRs that took effect at the eMSP, one entry a POST: doubles would show here even where it refuses them. */
const cdrPosts = (emsp: SimulatedEmsp): readonly Json[] =>
  emsp.requests
    .filter((request) => isCdrPost(request) && (request.fault === undefined || 'processed' in request.fault))
    .map(({ body }) => body as Json);

const sessionAt = (emsp: SimulatedEmsp): Json | undefined => [...emsp.objects.sessions.values()].at(-1);

async function nothingLeft(operator: World['operator']): Promise<void> {
  await until(async () => {
    const { data } = await operator('GET', '/api/deliveries');
    return (data as { deliveries: unknown[] }).deliveries.length === 0;
  }, 'all deliveries to be done');
}

describe('the bridge is killed', () => {
  let bridge: BridgeProcess;
  let emsp: SimulatedEmsp;
  let chargePoint: SimulatedChargePoint;

  before(async () => {
    bridge = await createBridgeProcess();
    emsp = await createSimulatedEmsp();
    await bridge.start();
    await bridge.operator('POST', '/api/import', testSite());
    await registerEmsp(bridge.operator, emsp);
    emsp.setToken({ uid: CARD, whitelist: 'ALWAYS' });
    await emsp.pushToken(CARD);
    chargePoint = chargePointAt(bridge.ocppPort);
    await chargePoint.connect();
    await chargePoint.boot();
  });
  after(async () => {
    await chargePoint.disconnect();
    await bridge.destroy();
    await emsp.close();
  });

  const startCharge = (meterWh: number, minutesAgo = 30) =>
    chargePoint.startTransaction({ connector: 1, idTag: CARD, meterWh, at: ago(minutesAgo) });

  async function restart(): Promise<void> {
    await bridge.kill();
    await bridge.start();
    await chargePoint.connect();
  }

  async function expectOneCdr(count: number, kwh: number): Promise<void> {
    await until(() => emsp.objects.cdrs.length === count, `CDR ${count}`);
    assert.equal(emsp.objects.cdrs.at(-1)?.['total_energy'], kwh);
    await nothingLeft(bridge.operator);
    const ids = cdrPosts(emsp).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'a CDR was posted twice');
    assert.equal(ids.length, count);
    assert.equal(sessionAt(emsp)?.['kwh'], kwh);
    assert.equal(sessionAt(emsp)?.['status'], 'COMPLETED');
  }

  it('mid-session: the session goes on, and one right CDR arrives', async () => {
    const { transactionId } = await startCharge(1_000);
    await chargePoint.meterValues({ connector: 1, transactionId, meterWh: 3_000, at: ago(20) });
    await until(() => sessionAt(emsp)?.['kwh'] === 2, 'the session');
    await restart();
    await chargePoint.meterValues({ connector: 1, transactionId, meterWh: 5_000, at: ago(10) });
    await chargePoint.stopTransaction({ transactionId, meterWh: 6_500, at: ago(0) });
    await expectOneCdr(1, 5.5);
  });

  it('between save and push, with the eMSP away: what was saved is pushed after the restart', async () => {
    emsp.setFaults(() => ({ kind: 'reset' }));
    const { transactionId } = await startCharge(10_000);
    await chargePoint.stopTransaction({ transactionId, meterWh: 12_000, at: ago(0) });
    await restart();
    emsp.setFaults(undefined);
    await expectOneCdr(2, 2);
  });

  it('while the CDR’s POST hangs unseen by the eMSP: it is posted again', async () => {
    emsp.setFaults((request) => (isCdrPost(request) ? { kind: 'hang' } : undefined));
    const { transactionId } = await startCharge(20_000);
    const posted = emsp.requests.length;
    await chargePoint.stopTransaction({ transactionId, meterWh: 23_000, at: ago(0) });
    await until(() => emsp.requests.slice(posted).some(isCdrPost), 'the POST');
    await bridge.kill();
    emsp.setFaults(undefined);
    await restart();
    await expectOneCdr(3, 3);
  });

  it('after the eMSP took the CDR, before its answer came: it is looked up, not posted again', async () => {
    emsp.setFaults((request) => (isCdrPost(request) ? { kind: 'hang', processed: true } : undefined));
    const { transactionId } = await startCharge(30_000);
    const posted = emsp.requests.length;
    await chargePoint.stopTransaction({ transactionId, meterWh: 34_000, at: ago(0) });
    await until(() => emsp.requests.slice(posted).some(isCdrPost), 'the POST');
    await bridge.kill();
    emsp.setFaults(undefined);
    await restart();
    await expectOneCdr(4, 4);
    assert.equal(emsp.requests.slice(posted).filter(isCdrPost).length, 1);
  });

  it('between the save of a start and its answer: the charge point’s repetition gets the same transaction', async () => {
    const at = ago(30);
    const first = await chargePoint.startTransaction({ connector: 1, idTag: CARD, meterWh: 40_000, at });
    await restart();
    const again = await chargePoint.startTransaction({ connector: 1, idTag: CARD, meterWh: 40_000, at });
    assert.deepEqual(again, first);
    await chargePoint.stopTransaction({ transactionId: first.transactionId, meterWh: 41_000, at: ago(1) });
    await chargePoint.stopTransaction({ transactionId: first.transactionId, meterWh: 41_000, at: ago(1) });
    await expectOneCdr(5, 1);
  });

  it('again and again at any moment: every charge is billed once, with its energy', async () => {
    const charges = 14;
    let kills = 0;
    const energies = Array.from({ length: charges }, (_, index) => 1_000 + index * 250);
    const charging = new AbortController();
    const killer = (async () => {
      while (!charging.signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 250));
        await bridge.kill();
        kills += 1;
        await bridge.start();
      }
    })();
    /** A charge point sends what was not answered again, as its transaction queue does. */
    async function stubborn<T>(send: () => Promise<T>): Promise<T> {
      for (;;) {
        try {
          return await send();
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 30));
          await chargePoint.connect().catch(() => undefined);
        }
      }
    }
    let meterWh = 100_000;
    for (const [index, energyWh] of energies.entries()) {
      const [from, to] = [ago(200 - index * 10), ago(195 - index * 10)];
      const { transactionId } = await stubborn(() =>
        chargePoint.startTransaction({ connector: 2, idTag: CARD, meterWh, at: from }),
      );
      meterWh += energyWh;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
      await stubborn(() => chargePoint.stopTransaction({ transactionId, meterWh, at: to }));
    }
    charging.abort();
    await killer;
    assert.ok(kills >= 3, `the bridge was killed ${kills} times only`);
    await until(() => emsp.objects.cdrs.length === 5 + charges, 'all CDRs', 20_000);
    await nothingLeft(bridge.operator);
    const ids = cdrPosts(emsp).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'a CDR was posted twice');
    const billed = emsp.objects.cdrs.slice(5).map(({ total_energy }) => Number(total_energy) * 1000);
    assert.deepEqual(
      billed.sort((a, b) => a - b),
      energies,
    );
  });

  it('SIGTERM ends it in order', async () => {
    assert.equal(await bridge.stop(), 0);
  });
});

describe('the eMSP fails', () => {
  let world: World;
  before(async () => {
    world = await startWorld({ config: { ocpi: { ...quickOcpi } } });
    world.emsp.setToken({ uid: CARD, whitelist: 'ALWAYS' });
    await world.emsp.pushToken(CARD);
    await world.chargePoint.connect();
    await world.chargePoint.boot();
  });
  after(() => world.close());

  const faults: readonly [string, FaultOf][] = [
    ['answers 500', (request) => (isCdrPost(request) ? { kind: 'answer', http: 500 } : undefined)],
    [
      'answers 503 with Retry-After',
      (request) => (isCdrPost(request) ? { kind: 'answer', http: 503, headers: { 'Retry-After': '0' } } : undefined),
    ],
    [
      'answers 200 with status 3000',
      (request) => (isCdrPost(request) ? { kind: 'answer', http: 200, code: 3000 } : undefined),
    ],
    ['hangs', (request) => (isCdrPost(request) ? { kind: 'hang' } : undefined)],
    ['resets the connection', (request) => (isCdrPost(request) ? { kind: 'reset' } : undefined)],
    [
      'takes the CDR and resets the connection',
      (request) => (isCdrPost(request) ? { kind: 'reset', processed: true } : undefined),
    ],
    ['is away altogether', () => ({ kind: 'reset' })],
  ];
  for (const [index, [name, faultOf]] of faults.entries()) {
    it(`${name}: exactly one CDR arrives in the end`, async () => {
      const { emsp, chargePoint } = world;
      const before = emsp.requests.length;
      emsp.setFaults(faultOf);
      const { transactionId } = await chargePoint.startTransaction({
        connector: 1,
        idTag: CARD,
        meterWh: index * 10_000,
        at: ago(30),
      });
      await chargePoint.stopTransaction({ transactionId, meterWh: index * 10_000 + 7_000, at: ago(0) });
      await until(() => emsp.requests.slice(before).some(({ fault }) => fault !== undefined), 'a failure');
      emsp.setFaults(undefined);
      await until(() => emsp.objects.cdrs.length === index + 1, 'the CDR');
      await nothingLeft(world.operator);
      assert.equal(cdrPosts(emsp).length, index + 1, 'posted once with effect');
      assert.equal(emsp.objects.cdrs.at(-1)?.['total_energy'], 7);
      assert.equal(sessionAt(emsp)?.['kwh'], 7);
    });
  }

  it('refuses a CDR for good: it is parked with the reason, and sent when the operator says so', async () => {
    const { emsp, chargePoint, operator } = world;
    const count = emsp.objects.cdrs.length;
    emsp.setFaults((request) => (isCdrPost(request) ? { kind: 'answer', http: 200, code: 2001 } : undefined));
    const { transactionId } = await chargePoint.startTransaction({ connector: 1, idTag: CARD, meterWh: 100_000 });
    await chargePoint.stopTransaction({ transactionId, meterWh: 100_500 });
    const parked = await until(async () => {
      const { data } = await operator('GET', '/api/deliveries');
      return (data as { deliveries: readonly Json[] }).deliveries.find(({ state }) => state === 'parked');
    }, 'a parked delivery');
    assert.equal(parked['kind'], 'cdr');
    assert.match(String(parked['reason']), /2001/);
    emsp.setFaults(undefined);
    assert.deepEqual((await operator('POST', '/api/deliveries/retry', {})).data, { retried: 1 });
    await until(() => emsp.objects.cdrs.length === count + 1, 'the CDR');
    await nothingLeft(operator);
  });
});

const quickOcpi = { requestTimeout: 0.4, maxBodyBytes: 1_000_000, maxPageSize: 100, pullPageSize: 100, maxPages: 10 };

describe('a charge point goes offline', () => {
  let world: World;
  const evse = (uid: string): unknown => {
    const location = world.emsp.objects.locations.get('NL/RBR/LOC1');
    return (location?.['evses'] as readonly Json[] | undefined)?.find((each) => each['uid'] === uid)?.['status'];
  };

  before(async () => {
    world = await startWorld({ config: { offlineGrace: 0.2, stopGrace: 0.2, lateStopWait: 3600 } });
    world.emsp.setToken({ uid: CARD, whitelist: 'ALWAYS' });
    await world.emsp.pushToken(CARD);
    await world.chargePoint.connect();
    await world.chargePoint.boot();
  });
  after(() => world.close());

  it('mid-transaction: UNKNOWN meanwhile; its queue, sent later, gives the right CDR', async () => {
    const { chargePoint, emsp } = world;
    await chargePoint.status(1, 'Charging');
    const { transactionId } = await chargePoint.startTransaction({
      connector: 1,
      idTag: CARD,
      meterWh: 1_000,
      at: ago(180),
    });
    await until(() => evse('E1') === 'CHARGING', 'CHARGING');
    await chargePoint.disconnect();
    await until(() => evse('E1') === 'UNKNOWN', 'UNKNOWN');
    await chargePoint.connect();
    await until(() => evse('E1') === 'CHARGING', 'CHARGING again');
    for (const [minutes, meterWh] of [
      [150, 4_000],
      [120, 7_000],
      [90, 9_500],
    ] as const) {
      await chargePoint.meterValues({ connector: 1, transactionId, meterWh, at: ago(minutes) });
    }
    await chargePoint.stopTransaction({ transactionId, meterWh: 10_250, at: ago(85) });
    await chargePoint.status(1, 'Available');
    await until(() => emsp.objects.cdrs.length === 1, 'a CDR');
    const cdr = emsp.objects.cdrs[0] ?? {};
    assert.equal(cdr['total_energy'], 9.25);
    assert.equal(Number(cdr['total_time']).toFixed(1), '1.6');
    assert.equal(sessionAt(emsp)?.['kwh'], 9.25);
  });

  it('and its stop never comes: a later start ends the session, its late stop corrects it before the CDR', async () => {
    const { chargePoint, emsp, operator } = world;
    const lost = await chargePoint.startTransaction({ connector: 1, idTag: CARD, meterWh: 20_000, at: ago(60) });
    await chargePoint.meterValues({
      connector: 1,
      transactionId: lost.transactionId,
      meterWh: 21_000,
      at: ago(50),
    });
    const later = await chargePoint.startTransaction({ connector: 1, idTag: CARD, meterWh: 22_000, at: ago(30) });
    const { data } = await operator('GET', '/api/sessions');
    const repaired = (data as readonly Json[]).find((each) => each['transactionId'] === String(lost.transactionId));
    assert.equal(repaired?.['status'], 'COMPLETED');
    assert.deepEqual(repaired['anomalies'], ['repaired']);
    assert.equal(repaired['energyWh'], 1_000);
    assert.equal(emsp.objects.cdrs.length, 1, 'its CDR waits for a late stop');
    await chargePoint.stopTransaction({ transactionId: lost.transactionId, meterWh: 21_900, at: ago(31) });
    await until(() => emsp.objects.cdrs.length === 2, 'the CDR');
    assert.equal(emsp.objects.cdrs[1]?.['total_energy'], 1.9);
    await chargePoint.stopTransaction({ transactionId: later.transactionId, meterWh: 23_000, at: ago(0) });
    await until(() => emsp.objects.cdrs.length === 3, 'the other CDR');
  });

  it('a boot without a sign of the transaction ends it after a while', async () => {
    const { chargePoint, operator } = world;
    const { transactionId } = await chargePoint.startTransaction({ connector: 2, idTag: CARD, meterWh: 50 });
    await chargePoint.boot();
    const ended = await until(async () => {
      const { data } = await operator('GET', '/api/sessions');
      const session = (data as readonly Json[]).find((each) => each['transactionId'] === String(transactionId));
      return session?.['status'] === 'COMPLETED' && session;
    }, 'the session to be ended');
    assert.deepEqual(ended['anomalies'], ['repaired']);
  });
});

describe('a stop comes after its CDR was made', () => {
  let world: World;
  before(async () => {
    world = await startWorld({ config: { stopGrace: 0.1, lateStopWait: 0.1 } });
    world.emsp.setToken({ uid: CARD, whitelist: 'ALWAYS' });
    await world.emsp.pushToken(CARD);
    await world.chargePoint.connect();
    await world.chargePoint.boot();
  });
  after(() => world.close());

  it('the first CDR is credited and a new one made (SUBTLE 54)', async () => {
    const { chargePoint, emsp } = world;
    const { transactionId } = await chargePoint.startTransaction({
      connector: 1,
      idTag: CARD,
      meterWh: 0,
      at: ago(60),
    });
    await chargePoint.meterValues({ connector: 1, transactionId, meterWh: 1_000, at: ago(50) });
    await chargePoint.status(1, 'Available');
    await until(() => emsp.objects.cdrs.length === 1, 'the CDR of the repaired session');
    await chargePoint.stopTransaction({ transactionId, meterWh: 4_000, at: ago(20) });
    await until(() => emsp.objects.cdrs.length === 3, 'credit and new CDR');
    const [first, credit, second] = emsp.objects.cdrs;
    assert.equal(first?.['total_energy'], 1);
    assert.match(String(first['remark']), /did not report the end/);
    assert.equal(credit?.['credit'], true);
    assert.equal(credit['credit_reference_id'], first['id']);
    assert.deepEqual(credit['total_cost'], { excl_vat: -0.85, incl_vat: -1.02 });
    assert.equal(credit['total_energy'], 1);
    assert.equal(second?.['credit'], undefined);
    assert.equal(second?.['total_energy'], 4);
    assert.deepEqual(second['total_cost'], { excl_vat: 1.9, incl_vat: 2.28 });
    assert.equal(second['session_id'], first['session_id']);
  });
});

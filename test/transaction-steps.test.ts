import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CHARGE_POINT, PASSWORD, startWorld, until, type Json, type World } from './support/bridge.js';
import {
  createSimulatedChargingStation,
  type SimulatedChargingStation,
  type TransactionStepOptions,
} from './support/charging-station.js';

const CARD = '04A2B3C4D5E6F7';
const FRIEND = '04B2B3C4D5E6F7';
const STRANGER = '04FFFFFFFFFFFF';
const start = Date.now() - 3_600_000;
const minute = (count: number): Date => new Date(start + count * 60_000);

describe('numbered steps of OCPP 2.x transactions (OCPP 2.0.1 §E)', () => {
  let world: World;
  let station: SimulatedChargingStation;
  let counter = 0;

  before(async () => {
    world = await startWorld({
      config: { lateStopWait: 0.3 },
      emsp: { verdictOf: ({ uid }) => (uid === STRANGER ? { allowed: 'BLOCKED' } : undefined) },
    });
    for (const [uid, group_id] of [
      [CARD, 'FAMILY'],
      [FRIEND, 'FAMILY'],
      [STRANGER, undefined],
    ] as const) {
      world.emsp.setToken({ uid, whitelist: 'NEVER', ...(group_id && { group_id }) });
      await world.emsp.pushToken(uid);
    }
    station = createSimulatedChargingStation({
      url: `ws://127.0.0.1:${world.bridge.ocppPort}/ocpp`,
      id: CHARGE_POINT,
      password: PASSWORD,
      protocol: 'ocpp2.1',
      evses: 2,
    });
    await station.connect();
    await station.boot();
  });
  after(async () => {
    await station.disconnect();
    await world.close();
  });

  /** A transaction of its own for each test, on EVSE 1. */
  function transaction() {
    counter += 1;
    const transactionId = `TX-${counter}`;
    const cdrsBefore = world.emsp.objects.cdrs.length;
    const step = (
      kind: TransactionStepOptions['step'],
      seqNo: number,
      at: number,
      more: Partial<TransactionStepOptions> = {},
    ) =>
      station.transaction({
        step: kind,
        transactionId,
        trigger: 'Authorized',
        seqNo,
        evse: 1,
        connector: 1,
        at: minute(at),
        ...more,
      });
    const session = async (): Promise<Json> => {
      const { data } = await world.operator('GET', '/api/sessions');
      const found = (data as readonly Json[]).find((each) => each['transactionId'] === transactionId);
      assert.ok(found, `a session of ${transactionId}`);
      return found;
    };
    const cdr = () => until(() => world.emsp.objects.cdrs.at(cdrsBefore), 'the CDR');
    return { step, session, cdr, transactionId };
  }

  it('a step that comes again changes nothing and is answered as before', async () => {
    const { step, session, cdr } = transaction();
    await step('Started', 0, 0, { idTag: CARD, meterWh: 100 });
    await step('Updated', 1, 10, { meterWh: 600 });
    const before = await session();
    const again = await step('Started', 0, 0, { idTag: CARD, meterWh: 100 });
    assert.equal(again.status, 'Accepted');
    await step('Updated', 1, 10, { meterWh: 600 });
    assert.deepEqual((await session())['energyWh'], before['energyWh']);
    await step('Ended', 2, 20, { meterWh: 1_100, stoppedReason: 'Local' });
    await step('Ended', 2, 20, { meterWh: 1_100, stoppedReason: 'Local' });
    assert.equal((await cdr())['total_energy'], 1);
  });

  it('a gap is asked about, and filled late it is counted', async () => {
    const { step, session, cdr, transactionId } = transaction();
    const asked = new Promise<Json>((resolve) =>
      station.on('GetTransactionStatus', (payload) => {
        resolve(payload);
        return { ongoingIndicator: true, messagesInQueue: true };
      }),
    );
    await step('Updated', 1, 10, { meterWh: 5_600, chargingState: 'Charging', trigger: 'MeterValuePeriodic' });
    assert.deepEqual(await asked, { transactionId });
    assert.equal((await session())['status'], 'PENDING');
    // the start comes from the queue, with the driver and the register at the beginning
    assert.equal((await step('Started', 0, 0, { idTag: CARD, meterWh: 5_000, offline: true })).status, 'Accepted');
    await step('Ended', 2, 20, { meterWh: 6_500, stoppedReason: 'EVDisconnected' });
    const { total_energy, start_date_time } = await cdr();
    assert.equal(total_energy, 1.5);
    assert.equal(start_date_time, minute(0).toISOString());
  });

  it('a transaction with missing steps is billed all the same, after a while, and says so', async () => {
    const { step, session, cdr } = transaction();
    await step('Started', 0, 0, { idTag: CARD, meterWh: 0 });
    await step('Ended', 5, 30, { meterWh: 2_000, stoppedReason: 'Local' });
    assert.equal((await cdr())['total_energy'], 2);
    assert.ok(((await session())['anomalies'] as string[]).includes('messages-missing'));
  });

  it('energy given back is recorded as such, never as negative import (V2X)', async () => {
    const { step, session, cdr } = transaction();
    await step('Started', 0, 0, { idTag: CARD, meterWh: 1_000, exportWh: 50 });
    await step('Updated', 1, 20, { meterWh: 1_000, exportWh: 850, trigger: 'MeterValuePeriodic' });
    await step('Ended', 2, 40, { meterWh: 1_400, exportWh: 850, stoppedReason: 'Local' });
    const { energyWh, exportWh } = await session();
    assert.deepEqual([energyWh, exportWh], [400, 800]);
    assert.equal((await cdr())['total_energy'], 0.4);
  });

  it('a card of the same group may stop, another one may not', async () => {
    const { step, cdr } = transaction();
    await step('Started', 0, 0, { idTag: CARD, meterWh: 0 });
    assert.equal((await step('Updated', 1, 5, { idTag: STRANGER, trigger: 'StopAuthorized' })).status, 'Blocked');
    assert.equal((await step('Updated', 2, 6, { idTag: FRIEND, trigger: 'StopAuthorized' })).status, 'Accepted');
    await step('Ended', 3, 7, { meterWh: 70, stoppedReason: 'Local' });
    const cdr1 = await cdr();
    assert.equal((cdr1['cdr_token'] as Json)['uid'], CARD);
  });

  it('a refused card makes room for a good one', async () => {
    const { step, session, cdr } = transaction();
    await step('Started', 0, 0, { trigger: 'CablePluggedIn', meterWh: 0 });
    assert.equal((await step('Updated', 1, 1, { idTag: STRANGER })).status, 'Blocked');
    assert.equal((await session())['status'], 'INVALID');
    assert.equal((await step('Updated', 2, 2, { idTag: CARD })).status, 'Accepted');
    assert.equal((await session())['status'], 'ACTIVE');
    await step('Ended', 3, 32, { meterWh: 900, stoppedReason: 'Local' });
    assert.equal((await cdr())['total_energy'], 0.9);
  });

  it('a cable that was only plugged in and out is nobody’s', async () => {
    const { step, session } = transaction();
    const { cdrs, sessions } = world.emsp.objects;
    const before = [cdrs.length, sessions.size];
    await step('Started', 0, 0, { trigger: 'CablePluggedIn', meterWh: 0 });
    await step('Ended', 1, 3, { trigger: 'EVCommunicationLost', meterWh: 0, stoppedReason: 'EVDisconnected' });
    assert.equal((await session())['status'], 'INVALID');
    assert.deepEqual([cdrs.length, sessions.size], before);
  });

  it('an EVSE that is named later is found later', async () => {
    const { step, cdr } = transaction();
    await step('Started', 0, 0, { idTag: CARD, evse: undefined, connector: undefined });
    await step('Updated', 1, 1, { meterWh: 10, trigger: 'CablePluggedIn' });
    await step('Ended', 2, 31, { meterWh: 510, stoppedReason: 'Local' });
    const { cdr_location, total_energy } = await cdr();
    assert.equal((cdr_location as Json)['evse_uid'], 'E1');
    assert.equal(total_energy, 0.5);
  });
});

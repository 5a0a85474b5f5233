import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Session } from '../src/domain/session.js';
import { until } from './support/bridge.js';
import { ago, CARD, OTHER_CARD, openTheatre, type Stage, type Theatre } from './dialects/stage.js';

/** Stops that never come are concluded at once here. */
const impatient = { stopGrace: 0.05, lateStopWait: 0.05 };

const energies = (sessions: readonly Session[]): readonly number[] => sessions.map(({ energyWh }) => energyWh);

/** Every session has one CDR at the eMSP, with the session's energy and times; in the order of their start. */
async function allBilled(stage: Stage, count: number): Promise<readonly Session[]> {
  const sessions = await until(async () => {
    const all = await stage.sessions();
    return all.every((session) => stage.cdrs(session).length > 0) && all.length >= count && all;
  }, `${count} sessions and their CDRs`);
  assert.equal(sessions.length, count);
  for (const session of sessions) {
    const [cdr, ...more] = stage.cdrs(session);
    assert.deepEqual(more, [], 'a second CDR');
    assert.equal(cdr?.['total_energy'], session.energyWh / 1000);
    assert.equal(cdr['start_date_time'], session.startedAt);
    assert.equal(cdr['end_date_time'], session.endedAt);
  }
  return [...sessions].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** Charges up to a reading of 3000 Wh half an hour ago, then loses power. */
async function cutOff(stage: Stage): Promise<number> {
  const id = await stage.start();
  await stage.sample(id, 2_000, 45);
  await stage.sample(id, 3_000, 30);
  await stage.cp.disconnect();
  return id;
}

async function restart(stage: Stage): Promise<void> {
  await stage.cp.connect();
  await stage.cp.boot();
}

describe('a charge point that was offline', () => {
  let theatre: Theatre;
  before(async () => {
    theatre = await openTheatre(12);
  });
  after(() => theatre.close());

  it('sends a queue of eight hours: three charges, each billed once, with its times', async () => {
    const stage = await theatre.stage();
    let registerWh = 100_000;
    for (const startedAgo of [480, 300, 120]) {
      const id = await stage.start({ meterStart: registerWh, timestamp: ago(startedAgo) });
      for (let minutes = 10; minutes <= 60; minutes += 10) {
        registerWh += 1_500;
        await stage.sample(id, registerWh, startedAgo - minutes);
      }
      await stage.stop(id, registerWh, { timestamp: ago(startedAgo - 60), idTag: CARD });
      await stage.cp.status(1, 'Available');
    }
    const sessions = await allBilled(stage, 3);
    assert.deepEqual(energies(sessions), [9_000, 9_000, 9_000]);
    for (const { startedAt, endedAt, anomalies } of sessions) {
      assert.deepEqual(anomalies, []);
      assert.equal(Math.round((Date.parse(endedAt ?? '') - Date.parse(startedAt)) / 60_000), 60);
    }
  });

  it('never learnt the ids of what it started offline', async () => {
    const stage = await theatre.stage();
    for (const [index, startedAgo] of [300, 200, 100].entries()) {
      await stage.start({ meterStart: 10_000 * index, timestamp: ago(startedAgo) });
      await stage.sample(0, 10_000 * index + 1_000, startedAgo - 30);
      await stage.stop(-1, 10_000 * index + 2_000, { timestamp: ago(startedAgo - 60), idTag: CARD });
    }
    assert.deepEqual(energies(await allBilled(stage, 3)), [2_000, 2_000, 2_000]);
  });

  it('sends everything twice, as the answers were lost', async () => {
    const stage = await theatre.stage();
    const [startedAt, endedAt] = [ago(200), ago(100)];
    for (let time = 0; time < 2; time += 1) {
      const id = await stage.start({ timestamp: startedAt });
      for (const [minutes, wh] of [
        [180, 2_000],
        [150, 3_500],
      ] as const) {
        await stage.sample(id, wh, minutes);
      }
      await stage.stop(id, 5_000, { timestamp: endedAt });
    }
    const [session] = await allBilled(stage, 1);
    assert.equal(session?.energyWh, 4_000);
  });

  it('drops its connection in the middle of its queue, and begins it anew', async () => {
    const stage = await theatre.stage();
    const startedAt = ago(200);
    await stage.start({ timestamp: startedAt });
    await stage.cp.disconnect();
    await stage.cp.connect();
    await stage.cp.boot();
    const id = await stage.start({ timestamp: startedAt });
    await stage.sample(id, 3_000, 150);
    await stage.cp.disconnect();
    await stage.cp.connect();
    await stage.sample(id, 3_000, 150);
    await stage.stop(id, 4_000, { timestamp: ago(100) });
    const [session] = await allBilled(stage, 1);
    assert.equal(session?.energyWh, 3_000);
    assert.deepEqual(session.anomalies, []);
  });

  it('sends its samples in any order', async () => {
    const stage = await theatre.stage();
    const id = await stage.start();
    for (const [minutes, wh] of [
      [30, 4_000],
      [50, 2_000],
      [10, 6_000],
      [20, 5_000],
      [40, 3_000],
    ] as const) {
      await stage.sample(id, wh, minutes);
    }
    await stage.stop(id, 7_000);
    const [session] = await allBilled(stage, 1);
    assert.equal(session?.energyWh, 6_000);
    assert.deepEqual(session.anomalies, []);
  });

  it('sends the stop before the start', async () => {
    const stage = await theatre.stage();
    await stage.stop(-1, 4_000, { timestamp: ago(100), idTag: CARD });
    await stage.start({ timestamp: ago(160) });
    const [session] = await allBilled(stage, 1);
    assert.equal(session?.energyWh, 3_000);
    assert.deepEqual(session.anomalies, ['stop-before-start']);
    assert.deepEqual((await stage.chargePoint()).earlyStops, []);
    // it is not used twice
    const next = await stage.start({ meterStart: 4_000, timestamp: ago(90) });
    assert.equal((await stage.sessions()).at(-1)?.endedAt, undefined);
    await stage.stop(next, 5_000);
    assert.deepEqual(energies(await allBilled(stage, 2)), [3_000, 1_000]);
  });

  it('sends two connectors mixed, and the new charge before the old one’s end', async () => {
    const stage = await theatre.stage();
    const one = await stage.start({ timestamp: ago(200) });
    const two = await stage.start({ connectorId: 2, meterStart: 50_000, idTag: OTHER_CARD, timestamp: ago(190) });
    const three = await stage.start({ meterStart: 6_000, timestamp: ago(100) });
    await stage.stop(two, 52_000, { timestamp: ago(120) });
    await stage.stop(one, 5_000, { timestamp: ago(110) });
    await stage.stop(three, 9_000, { timestamp: ago(50) });
    const sessions = await allBilled(stage, 3);
    assert.deepEqual(
      sessions.map(({ connector, energyWh }) => [connector, energyWh]),
      [
        ['1', 4_000],
        ['2', 2_000],
        ['1', 3_000],
      ],
    );
  });

  it('tells of an Available from before the charge: that ends nothing', async () => {
    const stage = await theatre.stage();
    await stage.start({ timestamp: ago(30) });
    await stage.cp.call('StatusNotification', {
      connectorId: 1,
      status: 'Available',
      errorCode: 'NoError',
      timestamp: ago(60),
    });
    assert.equal((await stage.sessions())[0]?.suspectSince, undefined);
  });

  it('had no power: the stop after its boot counts', async () => {
    const stage = await theatre.stage();
    const id = await cutOff(stage);
    await restart(stage);
    await stage.stop(id, 3_400, { timestamp: ago(29), reason: 'PowerLoss' });
    const [session] = await allBilled(stage, 1);
    assert.equal(session?.energyWh, 2_400);
    assert.equal(session.stopReason, 'PowerLoss');
    assert.deepEqual(session.anomalies, []);
  });

  it('had no power, and goes on with the same transaction: no sign of an end is left', async () => {
    const stage = await theatre.stage();
    const id = await cutOff(stage);
    await restart(stage);
    assert.notEqual((await stage.sessions())[0]?.suspectSince, undefined);
    await stage.sample(id, 3_500, 20);
    assert.equal((await stage.sessions())[0]?.suspectSince, undefined);
    await stage.stop(id, 6_000);
    const [session] = await allBilled(stage, 1);
    assert.equal(session?.energyWh, 5_000);
    assert.deepEqual(session.anomalies, []);
  });
});

describe('a charge that is cut off', () => {
  let theatre: Theatre;
  before(async () => {
    theatre = await openTheatre(8, impatient);
  });
  after(() => theatre.close());

  it('by a power cut, and no stop ever: it ends at its last reading', async () => {
    const stage = await theatre.stage();
    await cutOff(stage);
    await restart(stage);
    const [session] = await allBilled(stage, 1);
    assert.equal(session?.energyWh, 2_000);
    assert.deepEqual(session.anomalies, ['repaired']);
    assert.ok(Math.abs(Date.parse(session.endedAt ?? '') - Date.parse(ago(30))) < 60_000, session.endedAt);
  });

  it('by a power cut, and the stop comes after the CDR: a credit and the right one', async () => {
    const stage = await theatre.stage();
    const id = await cutOff(stage);
    await restart(stage);
    const [concluded] = await allBilled(stage, 1);
    assert.ok(concluded);
    const late = { timestamp: ago(20), reason: 'PowerLoss' };
    for (let time = 0; time < 2; time += 1) await stage.stop(id, 5_000, late);
    const cdrs = await until(() => {
      const all = stage.cdrs(concluded);
      return all.length >= 3 && all;
    }, 'credit and replacement');
    assert.deepEqual(
      cdrs.map((cdr) => [cdr['credit'] ?? false, cdr['total_energy']]),
      [
        [false, 2],
        [true, 2],
        [false, 4],
      ],
    );
    const [first, credit] = cdrs;
    assert.equal(credit?.['credit_reference_id'], first?.['id']);
    const [session] = await stage.sessions();
    assert.deepEqual(session?.anomalies, ['late-stop']);
  });

  it('by a power cut, is concluded, and goes on after all: the stop has the whole of it', async () => {
    const stage = await theatre.stage();
    const id = await cutOff(stage);
    await restart(stage);
    const [concluded] = await allBilled(stage, 1);
    assert.ok(concluded);
    await stage.sample(id, 4_000, 20);
    await stage.stop(id, 6_000);
    const cdrs = await until(() => stage.cdrs(concluded).length >= 3 && stage.cdrs(concluded), 'the correction');
    assert.equal(cdrs.at(-1)?.['total_energy'], 5);
  });

  it('by the driver, who unplugs: Available and no stop', async () => {
    const stage = await theatre.stage();
    const id = await stage.start();
    await stage.sample(id, 3_000, 10);
    await stage.cp.status(1, 'Available');
    const [session] = await allBilled(stage, 1);
    assert.equal(session?.energyWh, 2_000);
    assert.deepEqual(session.anomalies, ['repaired']);
  });

  it('from the bridge, which was away for an hour: what the charge point kept is told later, and is right', async () => {
    const stage = await theatre.stage();
    const id = await stage.start({ timestamp: ago(90) });
    await stage.sample(id, 2_000, 80);
    await stage.cp.disconnect();
    // an hour in which it could tell nobody; then its samples, its end, and the next charge all at once
    await stage.cp.connect();
    for (const [minutes, wh] of [
      [70, 3_000],
      [50, 5_000],
      [30, 7_000],
    ] as const) {
      await stage.sample(id, wh, minutes);
    }
    await stage.stop(id, 8_000, { timestamp: ago(25) });
    const next = await stage.start({ meterStart: 8_000, timestamp: ago(20) });
    await stage.sample(next, 9_000, 5);
    await stage.stop(next, 9_500);
    const sessions = await allBilled(stage, 2);
    assert.deepEqual(energies(sessions), [7_000, 1_500]);
    assert.deepEqual(
      sessions.map(({ anomalies }) => anomalies),
      [[], []],
    );
  });
});

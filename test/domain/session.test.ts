import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cdrsDue } from '../../src/domain/cdr.js';
import type { Instant } from '../../src/domain/instant.js';
import { endSession, reviseEnd, type SessionEnd } from '../../src/domain/session-end.js';
import { plausibleTime, suspected, usageOf, withPowerState, withReading } from '../../src/domain/session.js';
import { aSession, aTariff, at } from '../support/documents.js';

const minutes = (count: number): number => count * 60_000;
const end = (overrides: Partial<SessionEnd> = {}): SessionEnd => ({
  at: at(minutes(60)),
  registerWh: 11_000,
  reason: 'Local',
  repaired: false,
  cdrDueAt: at(minutes(60)),
  ...overrides,
});

describe('energy of a session', () => {
  it('grows with the register', () => {
    const session = withReading(aSession(), 3_500, at(minutes(10)), at(minutes(10)));
    assert.equal(session.energyWh, 2_500);
    assert.equal(session.version, 2);
    assert.equal(session.lastUpdated, at(minutes(10)));
    // 0.25 + 2.5 kWh x 0.35
    assert.deepEqual(session.totalCost?.beforeTaxes, '1.125');
  });

  it('does not change by a reading that came before, nor by the same one again', () => {
    const session = withReading(aSession(), 3_500, at(minutes(10)), at(minutes(10)));
    assert.equal(withReading(session, 3_500, at(minutes(11)), at(minutes(11))).version, session.version);
    const older = withReading(session, 2_000, at(minutes(5)), at(minutes(12)));
    assert.equal(older.energyWh, 2_500);
    assert.deepEqual(older.anomalies, []);
  });

  it('notes a register that goes backwards and keeps what was charged', () => {
    const session = withReading(aSession(), 3_500, at(minutes(10)), at(minutes(10)));
    const back = withReading(session, 20, at(minutes(20)), at(minutes(20)));
    assert.equal(back.energyWh, 2_500);
    assert.deepEqual(back.anomalies, ['register-went-backwards']);
  });

  it('notes a register that jumps beyond what any outlet gives', () => {
    const jumped = withReading(aSession(), 910_000, at(minutes(5)), at(minutes(5)));
    assert.equal(jumped.energyWh, 0);
    assert.deepEqual(jumped.anomalies, ['register-jumped']);
  });

  it('believes a large step where the clock proves nothing', () => {
    const session = aSession({ anomalies: ['clock-implausible'] });
    assert.equal(withReading(session, 41_000, at(0), at(0)).energyWh, 40_000);
  });

  it('takes the first reading as the start when none was given', () => {
    const session = aSession({ meterStartWh: undefined, meterWh: undefined });
    const first = withReading(session, 5_000, at(minutes(1)), at(minutes(1)));
    assert.equal(first.energyWh, 0);
    assert.equal(withReading(first, 6_000, at(minutes(2)), at(minutes(2))).energyWh, 1_000);
  });
});

describe('periods of a session', () => {
  it('are cut where the vehicle stops and resumes taking energy', () => {
    let session = withReading(aSession(), 3_000, at(minutes(10)), at(minutes(10)));
    session = withPowerState(session, true, at(minutes(20)), at(minutes(20)));
    session = withPowerState(session, true, at(minutes(25)), at(minutes(25)));
    session = withPowerState(session, false, at(minutes(30)), at(minutes(30)));
    session = withReading(session, 5_000, at(minutes(40)), at(minutes(40)));
    assert.deepEqual(session.periods, [
      { startedAt: at(), energyWh: 2_000, parking: false },
      { startedAt: at(minutes(20)), energyWh: 0, parking: true },
      { startedAt: at(minutes(30)), energyWh: 2_000, parking: false },
    ]);
    assert.deepEqual(usageOf(session), { energyWh: 4_000, chargingS: 1_800, parkingS: 600 });
  });

  it('have no length of nothing', () => {
    const session = withPowerState(aSession(), true, at(), at());
    assert.deepEqual(session.periods, [{ startedAt: at(), energyWh: 0, parking: true }]);
  });
});

describe('the end of a session', () => {
  it('completes it with the stop’s register and makes its CDR due', () => {
    const session = endSession(aSession(), end(), at(minutes(60)));
    assert.equal(session.status, 'COMPLETED');
    assert.equal(session.energyWh, 10_000);
    assert.equal(session.endedAt, at(minutes(60)));
    assert.equal(session.cdrDueAt, at(minutes(60)));
    assert.deepEqual(session.anomalies, []);
  });

  it('without a register keeps the last meter value and says so', () => {
    const session = endSession(
      withReading(aSession(), 4_000, at(minutes(30)), at(minutes(30))),
      end({ registerWh: undefined }),
      at(minutes(60)),
    );
    assert.equal(session.energyWh, 3_000);
    assert.deepEqual(session.anomalies, ['meter-stop-missing']);
  });

  it('with a register below the last meter value keeps the meter value', () => {
    const measured = withReading(aSession(), 4_000, at(minutes(30)), at(minutes(30)));
    const session = endSession(measured, end({ registerWh: 0 }), at(minutes(60)));
    assert.equal(session.energyWh, 3_000);
    assert.deepEqual(session.anomalies, ['register-went-backwards']);
  });

  it('in 1970 is the time of its arrival', () => {
    const session = endSession(aSession(), end({ at: '1970-01-01T00:00:10.000Z' as Instant }), at(minutes(61)));
    assert.equal(session.endedAt, at(minutes(61)));
    assert.equal(session.energyWh, 10_000);
    assert.deepEqual(session.anomalies, ['clock-implausible']);
  });

  it('before its start is its start', () => {
    const session = endSession(aSession(), end({ at: at(-minutes(5)), registerWh: 1_500 }), at(minutes(60)));
    assert.equal(session.endedAt, at());
    assert.deepEqual(session.anomalies, ['ended-before-it-started']);
    assert.equal(session.energyWh, 500);
  });

  it('of one that nobody authorized gives no CDR', () => {
    const session = endSession(aSession({ status: 'INVALID', partnerId: undefined }), end(), at(minutes(60)));
    assert.equal(session.status, 'INVALID');
    assert.equal(session.cdrDueAt, undefined);
    assert.deepEqual(cdrsDue(session, undefined, at(minutes(60))), []);
  });

  it('by a late stop replaces the one that we concluded', () => {
    const repaired = endSession(
      withReading(suspected(aSession(), at(minutes(20))), 4_000, at(minutes(30)), at(minutes(30))),
      end({ at: at(minutes(30)), registerWh: undefined, repaired: true }),
      at(minutes(60)),
    );
    assert.deepEqual(repaired.anomalies, ['repaired']);
    const revised = reviseEnd(repaired, end({ at: at(minutes(50)) }), at(minutes(90)));
    assert.equal(revised.status, 'COMPLETED');
    assert.equal(revised.energyWh, 10_000);
    assert.equal(revised.endedAt, at(minutes(50)));
    assert.deepEqual(revised.anomalies, ['late-stop']);
  });
});

describe('CDRs of a session', () => {
  const ended = endSession(aSession(), end(), at(minutes(60)));

  it('the first has the session’s id and all that was charged', () => {
    const [cdr, ...others] = cdrsDue(ended, undefined, at(minutes(61)));
    assert.deepEqual(others, []);
    assert.ok(cdr);
    assert.equal(cdr.id, ended.id);
    assert.equal(cdr.authorizationReference, 'AUTH-1');
    assert.deepEqual(cdr.usage, { energyWh: 10_000, chargingS: 3_600, parkingS: 0 });
    // 0.25 + 10 kWh x 0.35 = 3.75, 21 % VAT
    assert.deepEqual(cdr.bill.total, {
      beforeTaxes: '3.75',
      taxes: [{ name: 'VAT', percentage: '21', amount: '0.7875' }],
    });
    assert.deepEqual(cdr.periods, [{ startedAt: at(), energyWh: 10_000, seconds: 3_600, parking: false }]);
  });

  it('a correction credits the first and bills anew (SUBTLE 54)', () => {
    const [first] = cdrsDue(ended, undefined, at(minutes(61)));
    const revised = reviseEnd(ended, end({ registerWh: 12_000 }), at(minutes(90)));
    const [credit, second, ...others] = cdrsDue({ ...revised, cdrsMade: 1 }, first, at(minutes(91)));
    assert.deepEqual(others, []);
    assert.equal(credit?.id, `${ended.id}-C`);
    assert.ok(credit.id.length <= 39);
    assert.equal(credit.credits, ended.id);
    assert.equal(credit.bill.total.beforeTaxes, '-3.75');
    assert.deepEqual(credit.bill.energy, first?.bill.energy);
    assert.equal(second?.id, `${ended.id}-2`);
    assert.ok(second.id.length <= 36);
    assert.equal(second.usage.energyWh, 11_000);
    assert.equal(second.credits, undefined);
  });

  it('are not made again when nothing differs', () => {
    const [first] = cdrsDue(ended, undefined, at(minutes(61)));
    assert.deepEqual(cdrsDue({ ...ended, cdrsMade: 1 }, first, at(minutes(91))), []);
  });

  it('a free charge costs 0, known to be without tax only by its tariff', () => {
    const free = aTariff({ elements: [{ price_components: [{ type: 'FLAT', price: 0, vat: 21, step_size: 1 }] }] });
    const [cdr] = cdrsDue(endSession(aSession({ tariff: free }), end(), at(minutes(60))), undefined, at());
    assert.equal(cdr?.bill.total.beforeTaxes, '0');
    const [untold] = cdrsDue(endSession(aSession({ tariff: undefined }), end(), at(minutes(60))), undefined, at());
    assert.deepEqual(untold?.bill.total, { beforeTaxes: '0' });
  });
});

describe('times that can be believed', () => {
  const now = at();
  const cases: readonly [string, string | undefined, boolean][] = [
    ['the present', at(), true],
    ['an hour ago', at(-minutes(60)), true],
    ['a year ago', '2023-05-01T12:00:00.000Z', true],
    ['1970', '1970-01-01T00:01:00.000Z', false],
    ['2000', '2000-01-01T00:00:00.000Z', false],
    ['in an hour', at(minutes(60)), true],
    ['in two days', at(minutes(2 * 24 * 60)), false],
    ['no time at all', undefined, false],
  ];
  for (const [name, reported, plausible] of cases) {
    it(name, () => {
      const time = plausibleTime(reported as Instant | undefined, now);
      assert.deepEqual(time, { at: plausible ? reported : now, plausible });
    });
  }
});

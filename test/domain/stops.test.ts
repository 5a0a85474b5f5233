import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EarlyStop } from '../../src/domain/charge-point.js';
import type { Session } from '../../src/domain/session.js';
import { earlyStopOf, sessionStopped, withEarlyStop, type Stop } from '../../src/domain/stops.js';
import { aSession, at, aToken } from '../support/documents.js';

const minute = (count: number) => at(count * 60_000);
const now = minute(60);
const tag = aToken().uid;

const one = aSession({ id: 'one', connector: '1', meterWh: 1_000 });
const two = aSession({ id: 'two', connector: '2', meterWh: 700_000, idTag: 'OTHER' });
const stop = (overrides: Partial<Stop>): Stop => ({
  transactionId: '-1',
  idTag: undefined,
  at: minute(30),
  meterStopWh: 2_000,
  ...overrides,
});

describe('which session a stop means whose id says nothing', () => {
  const cases: readonly (readonly [string, readonly Session[], Partial<Stop>, string | undefined])[] = [
    ['the only one', [one], {}, 'one'],
    ['the only one, though its register has fallen', [one], { meterStopWh: 0 }, 'one'],
    ['by idTag, without case', [one, two], { idTag: tag.toLowerCase() }, 'one'],
    ['by register', [one, two], { meterStopWh: 701_000 }, 'two'],
    ['none when two fit', [one, aSession({ id: 'three' })], {}, undefined],
    ['none of another driver', [one], { idTag: 'STRANGER' }, undefined],
    ['none that started later', [aSession({ startedAt: minute(40) })], {}, undefined],
    ['without a time', [one], { at: undefined }, 'one'],
    ...['0', '-1', '9223372036854775807', 'NaN'].map(
      (transactionId) => [`id ${transactionId}`, [one], { transactionId }, 'one'] as const,
    ),
    ['another’s id, where ours was never used', [one], { transactionId: '777' }, 'one'],
    ['another’s id, where ours was used', [aSession({ named: true })], { transactionId: '777' }, undefined],
    ['another’s id, and the register is another’s too', [one], { transactionId: '777', meterStopWh: 5 }, undefined],
    ['no id, though ours was used', [aSession({ id: 'named', named: true })], {}, 'named'],
    ['none at all', [], {}, undefined],
  ];
  for (const [name, running, overrides, expected] of cases) {
    it(name, () => assert.equal(sessionStopped(running, stop(overrides), now)?.id, expected));
  }
});

describe('a stop before its start', () => {
  const early = (overrides: Partial<EarlyStop> = {}): EarlyStop => ({
    idTag: tag,
    at: minute(30),
    meterStopWh: 2_000,
    arrivedAt: minute(59),
    ...overrides,
  });
  const cases: readonly [string, Partial<EarlyStop>, boolean][] = [
    ['of the driver', {}, true],
    ['without idTag', { idTag: undefined }, true],
    ['of another driver', { idTag: 'OTHER' }, false],
    ['from before the start', { at: minute(-1) }, false],
    ['with a register that does not follow', { meterStopWh: 500 }, false],
    ['with a register out of reach', { meterStopWh: 900_000 }, false],
    ['from another day', { arrivedAt: minute(-24 * 60) }, false],
  ];
  for (const [name, overrides, found] of cases) {
    it(name, () => assert.equal(earlyStopOf([early(overrides)], one, now) !== undefined, found));
  }

  it('is kept for a day, and ten of them', () => {
    const kept = Array.from({ length: 20 }, (_, index) => early({ arrivedAt: minute(index) })).reduce<
      readonly EarlyStop[]
    >(withEarlyStop, []);
    assert.equal(kept.length, 10);
    assert.deepEqual(withEarlyStop(kept, early({ arrivedAt: minute(25 * 60) })).length, 1);
  });
});

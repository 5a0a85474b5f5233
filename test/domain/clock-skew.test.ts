import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byOurClock, movedByClock, observeClock, type ClockSkew } from '../../src/domain/clock-skew.js';
import type { Instant } from '../../src/domain/instant.js';
import { momentOfLocal } from '../../src/domain/local-time.js';
import { aSession, at } from '../support/documents.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EVIDENCE = 10 * MINUTE;

/** [arrived, reported], both in minutes since the start. */
type Message = readonly [number, number];

const learn = (messages: readonly Message[]): number =>
  messages.reduce<ClockSkew>(
    (skew, [arrived, reported]) => observeClock(skew, at(reported * MINUTE), at(arrived * MINUTE), EVIDENCE),
    { offsetMs: 0 },
  ).offsetMs;

describe('how far a charge point’s clock is ahead', () => {
  const cases: readonly [string, readonly Message[], number][] = [
    ['right', [[0, 0]], 0],
    ['ahead: the future can only be a wrong clock', [[0, 120]], 120],
    [
      'ahead, and later messages waited',
      [
        [0, 120],
        [10, 30],
        [11, 40],
      ],
      120,
    ],
    ['behind, said once: it may have waited', [[0, -120]], 0],
    [
      'a queue of hours comes in at once',
      [
        [0, -300],
        [0, -240],
        [0, -180],
        [0.1, -60],
        [0.1, 0],
      ],
      0,
    ],
    [
      'messages of one old minute come in at once',
      [
        [0, -300],
        [0, -299.5],
        [0.1, -299],
      ],
      0,
    ],
    [
      'behind by the same for long',
      [
        [0, -120],
        [5, -115],
        [11, -109],
      ],
      -120,
    ],
    [
      'behind, until it was set',
      [
        [0, -120],
        [11, -109],
        [12, 12],
      ],
      0,
    ],
    [
      'ahead, until it was set',
      [
        [0, 120],
        [1, 1],
      ],
      0,
    ],
    [
      'a candidate is no proof once another is heard',
      [
        [0, -120],
        [5, -300],
        [11, -109],
      ],
      0,
    ],
    ['1970 is no offset', [[0, -28_000_000]], 0],
  ];
  for (const [name, messages, minutes] of cases) {
    it(name, () => assert.equal(learn(messages), minutes * MINUTE));
  }

  it('is taken off its times, which never come to lie after their arrival', () => {
    assert.equal(byOurClock(at(2 * HOUR), 2 * HOUR, at(MINUTE)), at());
    assert.equal(byOurClock(at(3 * HOUR), 2 * HOUR, at(MINUTE)), at(MINUTE));
    assert.equal(byOurClock(at(-2 * HOUR), -2 * HOUR, at(MINUTE)), at());
  });

  it('is left alone below five minutes, and where the time is no time', () => {
    assert.equal(byOurClock(at(), 4 * MINUTE, at()), at());
    const dead = '1970-01-01T00:00:10.000Z' as Instant;
    assert.equal(byOurClock(dead, 2 * HOUR, at()), dead);
  });
});

describe('a running session whose clock turns out to lag', () => {
  it('moves as a whole', () => {
    const moved = movedByClock(aSession({ meterAt: at(MINUTE) }), -5 * HOUR, at(6 * HOUR));
    assert.equal(moved.startedAt, at(5 * HOUR));
    assert.equal(moved.meterAt, at(5 * HOUR + MINUTE));
    assert.equal(moved.periods[0]?.startedAt, at(5 * HOUR));
    assert.deepEqual(moved.anomalies, ['clock-corrected']);
    assert.equal(moved.version, 2);
  });

  it('stays where it began when the clock was right, or was corrected already', () => {
    const recent = aSession();
    assert.equal(movedByClock(recent, -5 * HOUR, at(HOUR)), recent);
    const corrected = aSession({ anomalies: ['clock-corrected'] });
    assert.equal(movedByClock(corrected, -5 * HOUR, at(6 * HOUR)), corrected);
  });
});

describe('local times', () => {
  const cases: readonly [string, string, string | undefined][] = [
    ['2024-05-01T12:00:00.000Z', 'Europe/Amsterdam', '2024-05-01T10:00:00.000Z'],
    ['2024-01-01T12:00:00.000Z', 'Europe/Amsterdam', '2024-01-01T11:00:00.000Z'],
    ['2024-01-01T12:00:00.000Z', 'America/New_York', '2024-01-01T17:00:00.000Z'],
    ['2024-01-01T12:00:00.500Z', 'Asia/Kolkata', '2024-01-01T06:30:00.500Z'],
    // before and after the clocks go forward, and the hour that there isn't
    ['2024-03-31T01:59:00.000Z', 'Europe/Amsterdam', '2024-03-31T00:59:00.000Z'],
    ['2024-03-31T03:01:00.000Z', 'Europe/Amsterdam', '2024-03-31T01:01:00.000Z'],
    ['2024-03-31T02:30:00.000Z', 'Europe/Amsterdam', '2024-03-31T01:30:00.000Z'],
    // the hour that comes twice
    ['2024-10-27T02:30:00.000Z', 'Europe/Amsterdam', '2024-10-27T00:30:00.000Z'],
    ['2024-10-27T03:01:00.000Z', 'Europe/Amsterdam', '2024-10-27T02:01:00.000Z'],
    ['2024-05-01T12:00:00.000Z', 'Nowhere/Land', undefined],
  ];
  for (const [local, zone, moment] of cases) {
    it(`${local} in ${zone}`, () => assert.equal(momentOfLocal(local as Instant, zone), moment));
  }
});

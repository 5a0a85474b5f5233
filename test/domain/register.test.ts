import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endSession } from '../../src/domain/session-end.js';
import { startedEarlier, withReading, type Session } from '../../src/domain/session.js';
import { aSession, at } from '../support/documents.js';

/** [minutes since the start, register in Wh] */
type Readings = readonly (readonly [number, number])[];

interface Case {
  readonly name: string;
  readonly start?: number;
  readonly session?: Partial<Session>;
  readonly readings: Readings;
  readonly energyWh: number;
  readonly anomalies: readonly string[];
}

const minute = (count: number) => at(count * 60_000);

const cases: readonly Case[] = [
  {
    name: 'grows',
    readings: [
      [10, 2_000],
      [20, 4_500],
    ],
    energyWh: 3_500,
    anomalies: [],
  },
  {
    name: 'one reading too high is not billed, nor does it stop the next ones',
    readings: [
      [10, 2_000],
      [11, 910_000],
      [12, 2_400],
      [20, 4_500],
    ],
    energyWh: 3_500,
    anomalies: ['register-jumped'],
  },
  {
    name: 'one reading of nothing, as when the meter does not answer',
    start: 16_000_000,
    readings: [
      [10, 16_001_000],
      [11, 0],
      [12, 16_001_200],
    ],
    energyWh: 1_200,
    anomalies: ['register-went-backwards'],
  },
  {
    name: 'reset in the middle: what it counts from then on is added',
    readings: [
      [10, 5_000],
      [20, 0],
      [30, 3_000],
      [40, 6_000],
    ],
    energyWh: 10_000,
    anomalies: ['register-went-backwards'],
  },
  {
    name: '0 at an offline start, then the lifetime register: only what follows is billed',
    start: 0,
    readings: [
      [5, 909_948],
      [6, 910_031],
    ],
    energyWh: 83,
    anomalies: ['register-jumped'],
  },
  {
    name: '0 at an offline start, and only the stop has the register: nothing is billed',
    start: 0,
    readings: [[60, 910_031]],
    energyWh: 0,
    anomalies: ['register-jumped'],
  },
  {
    name: '0 at an offline start that lasted a day, where the register is known',
    start: 0,
    session: { knownRegisterWh: 905_000 },
    readings: [
      [1_440, 909_948],
      [1_441, 910_031],
    ],
    energyWh: 83,
    anomalies: ['meter-start-implausible'],
  },
  {
    name: '0 at the start of a register that was replaced',
    start: 0,
    session: { knownRegisterWh: 905_000 },
    readings: [
      [10, 1_000],
      [20, 3_000],
    ],
    energyWh: 3_000,
    anomalies: [],
  },
  {
    name: 'a register that starts at 0 in each session',
    start: 0,
    readings: [
      [10, 1_000],
      [20, 3_000],
    ],
    energyWh: 3_000,
    anomalies: [],
  },
  {
    name: 'two registers in turn are not counted twice',
    start: 0,
    readings: [
      [10, 1_000],
      [20, 300_000],
      [30, 300_900],
      [31, 2_000],
      [40, 3_000],
    ],
    energyWh: 3_000,
    anomalies: ['register-jumped', 'register-went-backwards'],
  },
  {
    name: 'samples in kWh that are called Wh',
    start: 361_400,
    readings: [
      [7, 361],
      [14, 362],
      [20, 363],
      [25, 363_900],
    ],
    energyWh: 2_500,
    anomalies: ['unit-mislabelled'],
  },
  {
    name: 'samples in Wh that are called kWh',
    start: 361_400,
    readings: [
      [7, 362_000_000],
      [14, 363_100_000],
      [20, 363_900],
    ],
    energyWh: 2_500,
    anomalies: ['unit-mislabelled'],
  },
  {
    name: 'samples in Wh that are called kWh, from 0: the stop decides',
    start: 0,
    readings: [
      [7, 600_000],
      [14, 1_700_000],
      [20, 2_500],
    ],
    energyWh: 2_500,
    anomalies: ['register-jumped'],
  },
  {
    name: 'a dead clock proves nothing about power',
    session: { anomalies: ['clock-implausible'] },
    readings: [[0, 61_000]],
    energyWh: 60_000,
    anomalies: ['clock-implausible'],
  },
  {
    name: 'nor does a wrong one',
    session: { anomalies: ['clock-corrected'] },
    readings: [[0, 61_000]],
    energyWh: 60_000,
    anomalies: ['clock-corrected'],
  },
  {
    name: 'a dead clock is no excuse for a whole lifetime',
    start: 0,
    session: { anomalies: ['clock-implausible'] },
    readings: [[0, 910_031]],
    energyWh: 0,
    anomalies: ['clock-implausible', 'register-jumped'],
  },
  {
    name: 'more than AC outlets give in the time',
    readings: [[60, 201_000]],
    energyWh: 0,
    anomalies: ['register-jumped'],
  },
];

describe('the import register of a session', () => {
  for (const { name, start = 1_000, session, readings, energyWh, anomalies } of cases) {
    it(name, () => {
      const fresh = aSession({ meterStartWh: start, meterWh: start, ...session });
      const metered = readings.reduce(
        (current, [minutes, wh]) => withReading(current, wh, minute(minutes), minute(minutes)),
        fresh,
      );
      assert.equal(metered.energyWh, energyWh);
      assert.deepEqual(metered.anomalies, anomalies);
      const [first] = metered.periods;
      assert.equal(first?.energyWh, energyWh);
    });
  }

  it('of a DC outlet moves faster', () => {
    const place = aSession().place;
    assert.ok(place);
    const dc = aSession({ place: { ...place, connector: { ...place.connector, power_type: 'DC' } } });
    assert.equal(withReading(dc, 201_000, minute(60), minute(60)).energyWh, 200_000);
    const combo = { ...place.connector, standard: 'IEC_62196_T2_COMBO' as const };
    const misnamed = aSession({ place: { ...place, connector: combo } });
    assert.equal(withReading(misnamed, 201_000, minute(60), minute(60)).energyWh, 200_000);
  });

  it('is judged at the stop as well', () => {
    const ended = endSession(
      aSession({ meterStartWh: 0, meterWh: 0 }),
      { at: minute(60), registerWh: 910_031, reason: 'Local', repaired: false, cdrDueAt: minute(60) },
      minute(60),
    );
    assert.equal(ended.energyWh, 0);
    assert.equal(ended.status, 'COMPLETED');
  });

  it('is no placeholder of 0 where the first step of a transaction comes late', () => {
    const session = aSession({ meterStartWh: 909_948, meterWh: 909_948 });
    const earlier = startedEarlier(session, minute(-10), 0, minute(1));
    assert.equal(earlier.energyWh, 0);
    assert.equal(earlier.startedAt, minute(-10));
    assert.deepEqual(earlier.anomalies, ['meter-start-implausible']);
    assert.equal(startedEarlier(session, minute(-10), 909_000, minute(1)).energyWh, 948);
  });
});

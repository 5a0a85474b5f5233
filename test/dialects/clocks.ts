import assert from 'node:assert/strict';
import type { Entry } from './entry.js';
import { ago, off } from './stage.js';

const MINUTE_MS = 60_000;
/** An hour off by the charge point's clock is minus so many minutes ago. */
const aheadBy = 120;

/** Everything about times. */
export const clocks: readonly Entry[] = [
  {
    name: 'no-zone',
    seen: 'times without zone, without or with odd fractions: `2023-10-19T15:28:07`',
    threads: ['evcc-io/evcc#10399'],
    rule: 'read as UTC',
    where: 'src/domain/instant.ts',
    recorded: 'deviation `timestamp-spelling`',
    async story(stage) {
      const startedAt = ago(60).slice(0, 19);
      const id = await stage.start({ timestamp: startedAt });
      await stage.stop(id, 3_000, { timestamp: `${ago(0).slice(0, 19)}.1234567Z` });
      const session = await stage.billed(2_000, []);
      assert.equal(session.startedAt, `${startedAt}.000Z`);
      await stage.deviated('timestamp-spelling');
    },
  },
  {
    name: 'clock-ahead',
    seen: 'local times marked as UTC, east of Greenwich, until the clock is set or for ever',
    threads: ['steve-community/steve#136', 'openWB/core#2272'],
    rule: 'a time in the future shows by how much the clock is ahead; that is taken off all its times until it is right',
    where: 'src/domain/clock-skew.ts',
    recorded: 'anomaly `clock-corrected`, deviation `clock-offset`',
    async story(stage) {
      const { cp } = stage;
      await cp.call('StatusNotification', {
        connectorId: 1,
        status: 'Preparing',
        errorCode: 'NoError',
        timestamp: ago(-aheadBy),
      });
      const id = await stage.start({ timestamp: ago(30 - aheadBy) });
      await stage.sample(id, 2_000, 15 - aheadBy);
      await stage.stop(id, 3_000, { timestamp: ago(-aheadBy) });
      const session = await stage.billed(2_000, ['clock-corrected']);
      assert.ok(off(session.startedAt, ago(30)) < MINUTE_MS, session.startedAt);
      assert.ok(off(session.endedAt, ago(0)) < MINUTE_MS, session.endedAt);
      await stage.deviated('clock-offset');
    },
  },
  {
    name: 'clock-set-meanwhile',
    seen: 'a clock that is wrong until the first Heartbeat or boot is answered',
    threads: ['steve-community/steve#136'],
    rule: 'once a message is dated about now, the clock is right and nothing is taken off any more',
    where: 'src/domain/clock-skew.ts',
    recorded: 'anomaly `clock-corrected`',
    async story(stage) {
      const id = await stage.start({ timestamp: ago(-aheadBy) });
      await stage.cp.status(1, 'Charging');
      await stage.stop(id, 1_500, { timestamp: ago(0) });
      const session = await stage.billed(500, ['clock-corrected']);
      assert.ok(off(session.startedAt, ago(0)) < MINUTE_MS, session.startedAt);
      assert.ok(off(session.endedAt, ago(0)) < MINUTE_MS, session.endedAt);
      assert.equal((await stage.chargePoint()).clockOffsetMs, 0);
    },
  },
  {
    name: 'clock-of-1970',
    seen: 'a clock that starts again in 1970, or runs in 2099',
    threads: ['matth-x/MicroOcpp#354', 'matth-x/MicroOcpp#311'],
    rule: 'times before 2015, or more than a day ahead, are the time of arrival; the energy is right all the same',
    where: 'src/domain/session.ts',
    recorded: 'anomaly `clock-implausible`',
    async story(stage) {
      const id = await stage.start({ timestamp: '1970-01-01T00:00:10Z' });
      await stage.stop(id, 31_000, { timestamp: '2099-01-01T00:00:00Z' });
      const session = await stage.billed(30_000, ['clock-implausible']);
      assert.ok(off(session.startedAt, ago(0)) < MINUTE_MS, session.startedAt);
      assert.ok(off(session.endedAt, ago(0)) < MINUTE_MS, session.endedAt);
    },
  },
  {
    name: 'clock-behind',
    seen: 'local times marked as UTC, west of Greenwich',
    threads: [],
    rule: 'a clock that lags by the same in messages that come in over `clockEvidence`; a queue comes in at once',
    where: 'src/domain/clock-skew.ts',
    recorded: 'anomaly `clock-corrected`, deviation `clock-offset`',
    test: ['test/dialects/dialects.test.ts', 'a clock that lags is learnt'],
  },
  {
    name: 'local-time-by-model',
    seen: 'models whose times are always local ones',
    threads: ['openWB/core#2272'],
    rule: "an entry in the table of models: read in the location's time_zone",
    where: 'src/domain/dialects.ts',
    recorded: 'anomaly `clock-corrected`, deviation by the name of the entry',
    opening: { boot: false },
    async story(stage) {
      const local = (minutes: number): string =>
        new Date(Date.parse(ago(minutes)))
          .toLocaleString('sv-SE', { timeZone: 'Europe/Amsterdam' })
          .replace(' ', 'T')
          .concat('Z');
      await stage.cp.call('BootNotification', {
        chargePointVendor: 'openWB',
        chargePointModel: 'series2',
        firmwareVersion: '2.1.6-Release',
      });
      const id = await stage.start({ timestamp: local(60) });
      await stage.stop(id, 3_000, { timestamp: local(0) });
      const session = await stage.billed(2_000, ['clock-corrected']);
      assert.ok(off(session.startedAt, ago(60)) < MINUTE_MS, session.startedAt);
      await stage.deviated('openwb-local-time');
    },
  },
];

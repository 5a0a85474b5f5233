import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { systemClock } from '../src/clock.js';
import { msBetween } from '../src/domain/instant.js';
import { createFakeClock } from './support/fake-clock.js';

describe('the system clock', () => {
  it('lets a process end while a timer waits', () => {
    const url = new URL('../src/clock.js', import.meta.url).href;
    const script = `import { systemClock } from '${url}'; systemClock.after(3_600_000, () => undefined);`;
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 60_000 });
    assert.equal(status, 0);
  });

  describe('timers', () => {
    beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 }));
    afterEach(() => mock.timers.reset());

    /** Moves to `end` by way of each moment at which a long timer is set on: the mock runs no timer late. */
    const moveTo = (end: number): void => {
      const longest = 2 ** 31 - 1;
      while (Date.now() < end) mock.timers.tick(Math.min(end - Date.now(), longest - (Date.now() % longest)));
    };

    it('tells the time as an instant', () => {
      mock.timers.tick(1_234);
      assert.equal(systemClock.now(), '1970-01-01T00:00:01.234Z');
    });

    it('run once, after their time, even if that is beyond what setTimeout takes', () => {
      const ran: number[] = [];
      const delays = [0, 1_000, 2 ** 31 - 1, 2 ** 31, 3 * 2 ** 31];
      for (const delay of delays) systemClock.after(delay, () => ran.push(delay));
      systemClock.after(-5, () => ran.push(-5));
      mock.timers.tick(1);
      assert.deepEqual(
        ran.toSorted((a, b) => a - b),
        [-5, 0],
      );
      for (const delay of delays.slice(1)) {
        moveTo(delay - 1);
        assert.ok(!ran.includes(delay), `${delay}: not yet`);
        moveTo(delay);
        assert.equal(ran.at(-1), delay);
      }
      assert.equal(ran.length, 6);
    });

    it('can be cancelled, also when they are long, and after they ran', () => {
      const ran: number[] = [];
      const cancels = [1_000, 2 ** 32].map((delay) => systemClock.after(delay, () => ran.push(delay)));
      moveTo(2 ** 31);
      for (const cancel of cancels) cancel();
      moveTo(2 ** 33);
      assert.deepEqual(ran, [1_000]);
    });
  });
});

describe('the fake clock', () => {
  it('runs timers at their moment and in order, with those that they set', async () => {
    const clock = createFakeClock();
    const start = clock.now();
    const ran: [string, number][] = [];
    const note = (what: string): void => void ran.push([what, msBetween(start, clock.now())]);
    clock.after(20, () => note('b'));
    const cancel = clock.after(15, () => note('never'));
    clock.after(10, () => {
      note('a');
      cancel();
      void Promise.resolve().then(() => clock.after(5, () => note('from a')));
    });
    clock.after(31, () => note('later'));
    await clock.advance(30);
    assert.deepEqual(ran, [
      ['a', 10],
      ['from a', 15],
      ['b', 20],
    ]);
    assert.equal(msBetween(start, clock.now()), 30);
    assert.equal(clock.pending(), 1);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import type { Job } from '../../src/ports.js';
import { createInProcessQueue } from '../../src/queue/in-process.js';
import { createFakeClock } from '../support/fake-clock.js';
import { contractOptions, queueContract } from './queue.contract.js';

const logger = pino({ level: 'silent' });

queueContract('in process', async () => {
  const clock = createFakeClock();
  const queue = createInProcessQueue({ ...contractOptions, clock, logger, random: () => 1 });
  return {
    queue,
    pass: (ms) => clock.advance(ms),
    async destroy() {
      const stopping = queue.stop(1_000);
      await clock.advance(1_000);
      await stopping;
      assert.equal(clock.pending(), 0, 'no timer is left behind');
    },
  };
});

describe('the in-process queue', () => {
  it('runs 50,000 waiting keys, each once and in order, and leaves the event loop its turns', async () => {
    const clock = createFakeClock();
    const queue = createInProcessQueue({ ...contractOptions, clock, logger, random: () => 1 });
    const ids = Array.from({ length: 50_000 }, (_, n) => `L${n}`);
    const jobs = ids.map((id): Job => ({ partnerId: 'p1', kind: 'location', id }));
    for (const job of jobs) queue.add(job);
    for (const job of jobs) queue.add(job);
    assert.equal(queue.state()[0]?.waiting, 50_000);
    const ran: string[] = [];
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns++;
      if (counting) setImmediate(count);
    };
    await new Promise<void>((resolve) => {
      setImmediate(count);
      queue.start(async (job) => {
        ran.push(job.id);
        if (ran.length === ids.length) resolve();
        return { result: 'done' };
      });
    });
    counting = false;
    assert.deepEqual(ran, ids);
    assert.ok(turns >= 1_000, `${turns} turns`);
    await queue.stop(1_000);
  });

  it('spreads retries by the jitter that it is given', async () => {
    const clock = createFakeClock();
    const jitter = [0.9, 0.1];
    const queue = createInProcessQueue({ ...contractOptions, clock, logger, random: () => jitter.shift() ?? 1 });
    const ran: string[] = [];
    queue.start(async (job) => {
      ran.push(job.id);
      return ran.length <= 2 ? { result: 'retry', reason: 'HTTP 503' } : { result: 'done' };
    });
    for (const id of ['a', 'b']) queue.add({ partnerId: 'p1', kind: 'cdr', id });
    await clock.advance(100);
    assert.deepEqual(ran, ['a', 'b', 'b']);
    await clock.advance(800);
    assert.deepEqual(ran, ['a', 'b', 'b', 'a']);
    await queue.stop(1_000);
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Job, JobOutcome, Queue } from '../../src/ports.js';

export interface QueueHarness {
  readonly queue: Queue;
  /** Lets time pass for the queue, and lets what it does come to rest. */
  pass(ms: number): Promise<void>;
  destroy(): Promise<void>;
}

/** What the contract's queues are set to: a partner's cap, its circuit, and backoffs without jitter. */
export const contractOptions = {
  concurrencyPerPartner: 2,
  backoffBaseMs: 1_000,
  backoffMaxMs: 4_000,
  retryAfterMaxMs: 60_000,
  circuitFailures: 3,
  circuitOpenMs: 10_000,
} as const;

const done: JobOutcome = { result: 'done' };
const retry = { result: 'retry', reason: 'HTTP 500' } as const;

/** What every driver of Queue promises (src/ports.ts). `open` makes one with {@link contractOptions}, not started. */
export function queueContract(name: string, open: () => Promise<QueueHarness>): void {
  describe(`queue: ${name}`, () => {
    let harness: QueueHarness;
    let queue: Queue;
    let work: Work;
    beforeEach(async () => {
      harness = await open();
      queue = harness.queue;
      work = createWork();
    });
    afterEach(async () => {
      work.endAll();
      await harness.destroy();
    });

    const session = (id: string, partnerId = 'p1'): Job => ({ partnerId, kind: 'session', id });
    const location = (id: string, rest: Partial<Job> = {}): Job => ({ partnerId: 'p1', kind: 'location', id, ...rest });
    const stateOf = (partnerId = 'p1') => queue.state().find((each) => each.partnerId === partnerId);
    const settle = (): Promise<void> => harness.pass(0);
    /** Ends a running job, and lets the queue go on. */
    const end = async (id: string, outcome: JobOutcome = done): Promise<void> => {
      work.end(id, outcome);
      await settle();
    };

    describe('running', () => {
      it('runs nothing before it is started, then what was added', async () => {
        queue.add(session('a'));
        await settle();
        assert.deepEqual(work.started, []);
        queue.start(work.handle);
        await settle();
        assert.deepEqual(work.started, ['a']);
      });

      it('runs jobs of a partner in the order of adding, up to its cap', async () => {
        queue.start(work.handle);
        for (const id of ['c', 'a', 'd', 'b']) queue.add(session(id));
        await settle();
        assert.deepEqual(work.started, ['c', 'a']);
        assert.deepEqual(stateOf(), { partnerId: 'p1', waiting: 2, running: 2, circuit: 'closed' });
        await end('a');
        assert.deepEqual(work.started, ['c', 'a', 'd']);
        await end('c');
        await end('d');
        await end('b');
        assert.deepEqual(queue.jobs(), []);
        assert.deepEqual(stateOf(), { partnerId: 'p1', waiting: 0, running: 0, circuit: 'closed' });
      });

      it('gives the handler the job as it was added', async () => {
        queue.start(work.handle);
        queue.add(location('L', { parts: ['E1'], change: 12 }));
        await settle();
        assert.deepEqual(work.jobs, [location('L', { parts: ['E1'], change: 12 })]);
      });

      it('lets a partner that hangs hold up nobody else', async () => {
        queue.start(work.handle);
        for (let n = 0; n < 10; n++) queue.add(session(`hang${n}`, 'hanging'));
        queue.add(session('a', 'p2'));
        await settle();
        assert.deepEqual(work.started, ['hang0', 'hang1', 'a']);
        await end('a');
        queue.add(session('b', 'p2'));
        await harness.pass(60_000);
        assert.deepEqual(work.started, ['hang0', 'hang1', 'a', 'b']);
      });
    });

    describe('joining', () => {
      it('joins jobs of one key that wait: parts add up, the highest change counts, the place is the first', async () => {
        queue.add(location('L', { parts: ['E1'], change: 5 }));
        queue.add(session('s'));
        queue.add(location('L', { parts: ['E2', 'E1'], change: 4 }));
        assert.equal(stateOf()?.waiting, 2);
        queue.start(work.handle);
        await settle();
        assert.deepEqual(work.jobs, [location('L', { parts: ['E1', 'E2'], change: 5 }), session('s')]);
      });

      it('makes it the whole object when one of them has no part', async () => {
        queue.add(location('L', { parts: ['E1'], change: 1 }));
        queue.add(location('L', { change: 2 }));
        queue.add(location('L', { parts: ['E2'], change: 3 }));
        queue.start(work.handle);
        await settle();
        assert.deepEqual(work.jobs, [location('L', { change: 3 })]);
      });

      it('keeps apart what differs in partner or kind', async () => {
        queue.start(work.handle);
        queue.add(session('x'));
        queue.add({ ...session('x'), kind: 'cdr' });
        queue.add(session('x', 'p2'));
        await settle();
        assert.equal(work.jobs.length, 3);
      });

      it('runs what is added while its key runs after it, joined and never beside it', async () => {
        queue.start(work.handle);
        queue.add(location('L', { parts: ['E1'] }));
        await settle();
        queue.add(location('L', { parts: ['E2'] }));
        queue.add(location('L', { parts: ['E3'] }));
        await settle();
        assert.equal(work.jobs.length, 1);
        assert.equal(stateOf()?.waiting, 1);
        assert.equal(queue.jobs('p1').length, 2);
        await end('L');
        assert.deepEqual(work.jobs[1], location('L', { parts: ['E2', 'E3'] }));
        await end('L');
        assert.deepEqual(queue.jobs(), []);
      });

      it('gives it its place by when it was added', async () => {
        queue.start(work.handle);
        queue.add(session('a'));
        queue.add(session('b'));
        await settle();
        for (const id of ['c', 'a', 'd']) queue.add(session(id));
        await end('a');
        await end('b');
        assert.deepEqual(work.started, ['a', 'b', 'c', 'a']);
      });

      it('runs it too when the one before it is parked', async () => {
        queue.start(work.handle);
        queue.add(session('a'));
        await settle();
        queue.add(session('a'));
        await end('a', { result: 'park', reason: 'HTTP 400' });
        assert.deepEqual(work.started, ['a', 'a']);
        assert.equal(queue.jobs()[0]?.attempts, 1);
      });

      it('joins it with the one before it when that comes again, behind its backoff', async () => {
        queue.start(work.handle);
        queue.add(location('L', { parts: ['E1'], change: 1 }));
        await settle();
        queue.add(location('L', { parts: ['E2'], change: 2 }));
        await end('L', retry);
        queue.add(location('L', { parts: ['E3'], change: 3 }));
        await harness.pass(999);
        assert.equal(work.jobs.length, 1);
        await harness.pass(1);
        assert.deepEqual(work.jobs[1], location('L', { parts: ['E1', 'E2', 'E3'], change: 3 }));
        await end('L');
        assert.equal(work.jobs.length, 2);
        assert.deepEqual(queue.jobs(), []);
      });
    });

    describe('trying again', () => {
      it('waits longer each time, up to the cap, by key', async () => {
        queue.start(work.handle);
        queue.add(session('a'));
        await settle();
        for (const [attempt, wait] of [1_000, 2_000, 4_000, 4_000].entries()) {
          // another key that succeeds keeps the circuit closed and changes nothing of this backoff
          queue.add(session(`ok${attempt}`));
          await settle();
          await end(`ok${attempt}`);
          await end('a', retry);
          await harness.pass(wait - 1);
          assert.equal(work.count('a'), attempt + 1);
          await harness.pass(1);
          assert.equal(work.count('a'), attempt + 2);
        }
        await end('a');
        queue.add(session('a'));
        await settle();
        assert.equal(queue.jobs()[0]?.attempts, 1);
      });

      it('waits at least as long as the partner asked', async () => {
        queue.start(work.handle);
        queue.add(session('a'));
        await settle();
        await end('a', { ...retry, afterMs: 30_000 });
        await harness.pass(29_999);
        assert.equal(work.count('a'), 1);
        await harness.pass(1);
        assert.equal(work.count('a'), 2);
      });

      it('lets others run meanwhile', async () => {
        queue.start(work.handle);
        for (const id of ['a', 'b', 'c']) queue.add(session(id));
        await settle();
        await end('a', retry);
        assert.deepEqual(work.started, ['a', 'b', 'c']);
      });

      it('puts a retry whose time has come before what was added later', async () => {
        queue.start(work.handle);
        for (const id of ['a', 'b', 'c', 'd', 'e']) queue.add(session(id));
        await settle();
        await end('a', retry);
        await harness.pass(1_000);
        await end('b');
        await end('c');
        assert.deepEqual(work.started, ['a', 'b', 'c', 'a', 'd']);
      });

      it('takes a handler that throws for a retry', async () => {
        const attempts: string[] = [];
        queue.start((job) => {
          attempts.push(job.id);
          if (attempts.length === 1) throw new Error('a bug');
          return attempts.length === 2 ? Promise.reject(new Error('another bug')) : Promise.resolve(done);
        });
        queue.add(session('a'));
        await settle();
        assert.equal(queue.jobs()[0]?.lastError, 'a bug');
        await harness.pass(1_000);
        assert.equal(queue.jobs()[0]?.lastError, 'another bug');
        await harness.pass(2_000);
        assert.deepEqual(attempts, ['a', 'a', 'a']);
        assert.deepEqual(queue.jobs(), []);
      });

      it('shows the operator what waits, for how long and why', async () => {
        queue.start(work.handle);
        queue.add(session('a'));
        queue.add(session('b', 'p2'));
        await settle();
        await end('a', retry);
        const [waiting, ...none] = queue.jobs('p1');
        assert.deepEqual(none, []);
        assert.equal(waiting?.attempts, 1);
        assert.equal(waiting.lastError, 'HTTP 500');
        assert.ok(waiting.nextAttemptAt);
        const running = queue.jobs().find(({ id }) => id === 'b');
        assert.equal(running?.attempts, 1);
        assert.equal(running.nextAttemptAt, undefined);
        await harness.pass(1_000);
        assert.equal(queue.jobs('p1')[0]?.attempts, 2);
        assert.deepEqual(queue.jobs('nobody'), []);
      });
    });

    describe('parking', () => {
      it('takes the job out and frees the rest', async () => {
        queue.start(work.handle);
        for (const id of ['a', 'b', 'c']) queue.add(session(id));
        await settle();
        await end('a', { result: 'park', reason: 'HTTP 400' });
        assert.deepEqual(work.started, ['a', 'b', 'c']);
        await end('b');
        await end('c');
        await harness.pass(3_600_000);
        assert.deepEqual(work.started, ['a', 'b', 'c']);
        assert.deepEqual(queue.jobs(), []);
      });

      it('is an answer of the partner: its circuit stays closed', async () => {
        queue.start(work.handle);
        for (const outcome of [retry, retry, { result: 'park', reason: 'HTTP 400' }, retry, retry] as const) {
          const id = `s${work.started.length}`;
          queue.add(session(id));
          await settle();
          await end(id, outcome);
        }
        assert.equal(stateOf()?.circuit, 'closed');
      });
    });

    describe('circuit', () => {
      /** Three failures in a row. */
      const openCircuit = async (last: JobOutcome = retry): Promise<void> => {
        queue.start(work.handle);
        for (const [id, outcome] of [
          ['a', retry],
          ['b', retry],
          ['c', last],
        ] as const) {
          queue.add(session(id));
          await settle();
          await end(id, outcome);
        }
      };

      it('opens after failures in a row: nothing of that partner runs, others do', async () => {
        await openCircuit();
        assert.equal(stateOf()?.circuit, 'open');
        assert.ok(stateOf()?.openUntil);
        queue.add(session('d'));
        queue.add(session('e', 'p2'));
        await harness.pass(9_999);
        assert.deepEqual(work.started, ['a', 'b', 'c', 'e']);
        assert.equal(stateOf()?.waiting, 4);
        assert.ok(queue.jobs('p1').every(({ nextAttemptAt }) => nextAttemptAt === stateOf()?.openUntil));
      });

      it('tries one job when its time is over, and closes when that succeeds', async () => {
        await openCircuit();
        await harness.pass(10_000);
        assert.deepEqual(work.started, ['a', 'b', 'c', 'a']);
        assert.equal(stateOf()?.circuit, 'half-open');
        await harness.pass(10_000);
        assert.equal(work.started.length, 4);
        await end('a');
        assert.equal(stateOf()?.circuit, 'closed');
        assert.deepEqual(work.started.slice(4), ['b', 'c']);
      });

      it('opens again when the probe fails, and tries another next', async () => {
        await openCircuit();
        await harness.pass(10_000);
        await end('a', retry);
        assert.equal(stateOf()?.circuit, 'open');
        await harness.pass(9_999);
        assert.equal(work.started.length, 4);
        await harness.pass(1);
        assert.deepEqual(work.started.slice(3), ['a', 'b']);
      });

      it('stays open for as long as the partner asked', async () => {
        await openCircuit({ ...retry, afterMs: 25_000 });
        await harness.pass(24_999);
        assert.equal(work.started.length, 3);
        await harness.pass(1);
        assert.equal(work.started.length, 4);
      });

      it('counts failures in a row only', async () => {
        queue.start(work.handle);
        for (const outcome of [retry, retry, done, retry, retry]) {
          const id = `s${work.started.length}`;
          queue.add(session(id));
          await settle();
          await end(id, outcome);
        }
        assert.equal(stateOf()?.circuit, 'closed');
      });

      it('is closed by retryNow, which brings all retries forward', async () => {
        await openCircuit();
        queue.retryNow('p1');
        queue.retryNow('nobody');
        await settle();
        assert.deepEqual(work.started.slice(3), ['a', 'b']);
        assert.equal(stateOf()?.circuit, 'closed');
        await end('a');
        assert.deepEqual(work.started.slice(3), ['a', 'b', 'c']);
      });
    });

    describe('drop', () => {
      it('forgets what waits for a partner, and no other', async () => {
        queue.start(work.handle);
        for (const id of ['a', 'b', 'c']) queue.add(session(id));
        queue.add(session('x', 'p2'));
        await settle();
        await end('a', retry);
        queue.drop('p1');
        queue.drop('nobody');
        await harness.pass(60_000);
        await end('c', retry);
        await end('b', retry);
        await harness.pass(60_000);
        assert.deepEqual(work.started, ['a', 'b', 'x', 'c']);
        assert.deepEqual(
          queue.jobs().map(({ id }) => id),
          ['x'],
        );
      });

      it('lets a partner that comes back begin anew, but not beside a job that still runs', async () => {
        queue.start(work.handle);
        queue.add(session('a'));
        await settle();
        queue.add(session('a'));
        queue.drop('p1');
        await settle();
        queue.add(session('a'));
        await settle();
        assert.equal(work.count('a'), 1);
        await end('a', retry);
        assert.equal(work.count('a'), 2);
        assert.equal(queue.jobs('p1')[0]?.attempts, 1);
        assert.equal(stateOf()?.circuit, 'closed');
      });

      it('begins anew with the circuit too, whatever became of the jobs from before', async () => {
        queue.start(work.handle);
        for (const id of ['a', 'b', 'c']) {
          queue.add(session(id));
          await settle();
          await end(id, retry);
        }
        assert.equal(stateOf()?.circuit, 'open');
        queue.drop('p1');
        for (const id of ['d', 'e', 'f']) queue.add(session(id));
        await settle();
        assert.deepEqual(work.started.slice(3), ['d', 'e']);
        await end('d', retry);
        queue.drop('p1');
        await end('e', retry);
        await end('f', retry);
        for (const id of ['g', 'h']) {
          queue.add(session(id));
          await settle();
          await end(id, retry);
        }
        assert.equal(stateOf()?.circuit, 'closed');
      });
    });

    describe('stop', () => {
      it('waits for what runs, starts nothing more and takes nothing more', async () => {
        queue.start(work.handle);
        for (const id of ['a', 'b', 'c']) queue.add(session(id));
        await settle();
        let stopped = false;
        const stopping = queue.stop(10_000).then(() => (stopped = true));
        queue.add(session('d'));
        await end('a');
        assert.equal(stopped, false);
        await end('b', retry);
        assert.equal(stopped, true);
        assert.ok(!queue.jobs().some(({ id }) => id === 'd'));
        await stopping;
        await harness.pass(60_000);
        assert.deepEqual(work.started, ['a', 'b']);
      });

      it('waits no longer than it is told', async () => {
        queue.start(work.handle);
        queue.add(session('a'));
        await settle();
        let stopped = false;
        void queue.stop(10_000).then(() => (stopped = true));
        await harness.pass(9_999);
        assert.equal(stopped, false);
        await harness.pass(1);
        assert.equal(stopped, true);
      });

      it('is done at once when nothing runs', async () => {
        queue.add(session('a'));
        await queue.stop(10_000);
      });
    });
  });
}

interface Work {
  readonly handle: (job: Job) => Promise<JobOutcome>;
  /** The ids of the jobs started so far, in order. */
  readonly started: readonly string[];
  readonly jobs: readonly Job[];
  count(id: string): number;
  end(id: string, outcome: JobOutcome): void;
  endAll(): void;
}

/** A handler whose jobs run until they are told how to end. */
function createWork(): Work {
  const jobs: Job[] = [];
  const started: string[] = [];
  const running = new Map<string, (outcome: JobOutcome) => void>();
  return {
    jobs,
    started,
    handle(job) {
      jobs.push(job);
      started.push(job.id);
      return new Promise((resolve) => running.set(job.id, resolve));
    },
    count: (id) => started.filter((each) => each === id).length,
    end(id, outcome) {
      const resolve = running.get(id);
      assert.ok(resolve, `${id} runs`);
      running.delete(id);
      resolve(outcome);
    },
    endAll: () => running.forEach((resolve) => resolve(done)),
  };
}

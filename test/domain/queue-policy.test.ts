import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHeap } from '../../src/queue/heap.js';
import { jobKey, joined } from '../../src/queue/job.js';
import {
  circuitAt,
  closedCircuit,
  permits,
  retryDelayMs,
  withOutcome,
  withStarted,
  type Circuit,
} from '../../src/queue/policy.js';

describe('backoff', () => {
  const by = { backoffBaseMs: 1_000, backoffMaxMs: 60_000, retryAfterMaxMs: 600_000 };
  const cases: readonly [what: string, attempts: number, random: number, afterMs: number | undefined, ms: number][] = [
    ['the first is at most the base', 1, 1, undefined, 1_000],
    ['full jitter begins at nothing', 1, 0, undefined, 0],
    ['the bound doubles', 2, 1, undefined, 2_000],
    ['jitter is a share of the bound', 4, 0.25, undefined, 2_000],
    ['the bound is capped', 7, 1, undefined, 60_000],
    ['the cap holds for ever', 5_000, 0.5, undefined, 30_000],
    ['Retry-After is a minimum', 1, 1, 5_000, 5_000],
    ['Retry-After shortens nothing', 7, 1, 5_000, 60_000],
    ['Retry-After may be above the cap of backoffs', 1, 0, 120_000, 120_000],
    ['Retry-After has a cap of its own', 1, 0, 10 ** 12, 600_000],
    ['a negative Retry-After is none', 1, 0, -5, 0],
  ];
  for (const [what, attempts, random, afterMs, ms] of cases) {
    it(what, () => assert.equal(retryDelayMs(attempts, random, afterMs, by), ms));
  }
});

describe('circuit', () => {
  const by = { circuitFailures: 3, circuitOpenMs: 30_000 };
  const NOW = 1_000_000;
  const open: Circuit = { state: 'open', until: NOW + 30_000 };
  const probing: Circuit = { state: 'half-open', probe: 'k' };
  const failures = (count: number): Circuit => ({ state: 'closed', failures: count });

  const outcomes: readonly [what: string, from: Circuit, key: string, failed: boolean, pauseMs: number, to: Circuit][] =
    [
      ['closed counts failures', closedCircuit, 'k', true, 0, failures(1)],
      ['closed forgets them at a success', failures(2), 'k', false, 0, closedCircuit],
      ['closed opens at the last of N in a row', failures(2), 'k', true, 0, open],
      [
        'opens for as long as the partner asked',
        failures(2),
        'k',
        true,
        90_000,
        { state: 'open', until: NOW + 90_000 },
      ],
      ['opens no shorter than set', failures(2), 'k', true, 5, open],
      ['open ignores a late failure', open, 'k', true, 90_000, open],
      ['open ignores a late success', open, 'k', false, 0, open],
      ['half-open closes when the probe succeeds', probing, 'k', false, 0, closedCircuit],
      ['half-open opens when the probe fails', probing, 'k', true, 0, open],
      ['half-open ignores a late success of another', probing, 'other', false, 0, probing],
      ['half-open ignores a late failure of another', probing, 'other', true, 0, probing],
    ];
  for (const [what, from, key, failed, pauseMs, to] of outcomes) {
    it(what, () => assert.deepEqual(withOutcome(from, { key, failed, pauseMs }, NOW, by), to));
  }

  it('is half-open once its time is over, and not before', () => {
    assert.equal(circuitAt(open, open.until - 1), open);
    assert.deepEqual(circuitAt(open, open.until), { state: 'half-open' });
    assert.equal(circuitAt(closedCircuit, NOW), closedCircuit);
    assert.equal(circuitAt(probing, NOW), probing);
  });

  it('permits jobs when closed, one when half-open, none when open', () => {
    assert.equal(permits(failures(2)), true);
    assert.equal(permits(open), false);
    assert.equal(permits({ state: 'half-open' }), true);
    assert.equal(permits(withStarted({ state: 'half-open' }, 'k')), false);
    assert.equal(permits(withStarted(closedCircuit, 'k')), true);
  });
});

describe('joining jobs', () => {
  const job = { partnerId: 'p', kind: 'location', id: 'L1' } as const;

  it('adds parts up, each once', () => {
    const both = joined({ ...job, parts: ['a', 'b'] }, { ...job, parts: ['b', 'c'] });
    assert.deepEqual(both, { ...job, parts: ['a', 'b', 'c'] });
  });

  it('stands for the whole when either does', () => {
    assert.deepEqual(joined(job, { ...job, parts: ['a'] }), job);
    assert.deepEqual(joined({ ...job, parts: ['a'] }, job), job);
    assert.deepEqual(joined({ ...job, parts: ['a'] }, { ...job, parts: [] }), job);
  });

  it('takes the highest change', () => {
    assert.equal(joined({ ...job, change: 9 }, { ...job, change: 4 }).change, 9);
    assert.equal(joined(job, { ...job, change: 4 }).change, 4);
    assert.equal(joined(job, job).change, undefined);
  });

  it('keeps kinds apart', () => {
    assert.notEqual(jobKey({ kind: 'session', id: 'x' }), jobKey({ kind: 'cdr', id: 'x' }));
  });
});

describe('heap', () => {
  it('gives what it was given, in order, with pushes in between', () => {
    const heap = createHeap<number>((a, b) => a < b);
    const numbers = Array.from({ length: 500 }, (_, n) => (n * 7919) % 1009);
    for (const number of numbers) heap.push(number);
    const first = Array.from({ length: 100 }, () => heap.pop()!);
    for (const number of first) heap.push(number);
    assert.equal(heap.size, 500);
    const sorted = numbers.toSorted((a, b) => a - b);
    assert.equal(heap.peek(), sorted[0]);
    assert.deepEqual(
      numbers.map(() => heap.pop()),
      sorted,
    );
    assert.equal(heap.pop(), undefined);
    assert.equal(heap.peek(), undefined);
  });
});

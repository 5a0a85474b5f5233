import { instant, toEpochMs } from '../domain/instant.js';
import type { Clock, Job, JobOutcome, Logger, PartnerQueueState, QueuedJob } from '../ports.js';
import { createHeap } from './heap.js';
import { jobKey, joined } from './job.js';
import {
  askedPauseMs,
  circuitAt,
  closedCircuit,
  permits,
  retryDelayMs,
  withOutcome,
  withStarted,
  type BackoffOptions,
  type Circuit,
  type CircuitOptions,
} from './policy.js';

export interface LaneOptions extends BackoffOptions, CircuitOptions {
  readonly clock: Clock;
  /** Between 0 and 1: the jitter of backoffs. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Jobs of one partner that run side by side. */
  readonly concurrencyPerPartner: number;
}

/** The jobs of one partner. */
export interface Lane {
  add(job: Job): void;
  /** Looks, in the next turn of the event loop, whether a job can be started. */
  wake(): void;
  drop(): void;
  retryNow(): void;
  jobs(): readonly QueuedJob[];
  state(): PartnerQueueState;
  /** Starts no more jobs. */
  halt(): void;
}

interface Entry {
  readonly key: string;
  job: Job;
  /** Its place among those that are ready. */
  seq: number;
  attempts: number;
  lastError: string | undefined;
  /** Milliseconds since 1970; it waits for its backoff until then. */
  notBefore: number;
  /** Was added while it runs, and runs after it. */
  behind: { readonly job: Job; readonly seq: number } | undefined;
  /** The partner was dropped while it ran: its outcome is of no interest. */
  dropped: boolean;
}

/**
 * @param handle undefined until the queue is started
 * @param settled is told whenever a job ended
 */
export function createLane(
  partnerId: string,
  { clock, random, logger, ...options }: LaneOptions,
  handle: () => ((job: Job) => Promise<JobOutcome>) | undefined,
  settled: () => void,
): Lane {
  const entries = new Map<string, Entry>();
  const ready = createHeap<Entry>((a, b) => a.seq < b.seq);
  const delayed = createHeap<Entry>((a, b) => a.notBefore < b.notBefore);
  const running = new Set<Entry>();
  let circuit: Circuit = closedCircuit;
  let nextSeq = 0;
  let planned = false;
  let halted = false;
  let timer: { readonly at: number; readonly cancel: () => void } | undefined;

  const now = (): number => toEpochMs(clock.now());

  function enqueue(key: string, job: Job, seq: number): void {
    const entry = { key, job, seq, attempts: 0, lastError: undefined, notBefore: 0, behind: undefined, dropped: false };
    entries.set(key, entry);
    ready.push(entry);
  }

  function wake(): void {
    if (planned) return;
    planned = true;
    // not at once: jobs that need no I/O would leave the event loop no turn
    setImmediate(() => {
      planned = false;
      startWhatCan();
    });
  }

  function startWhatCan(): void {
    const run = handle();
    if (!run || halted) return;
    const time = now();
    circuit = circuitAt(circuit, time);
    for (let next = delayed.peek(); next && next.notBefore <= time; next = delayed.peek()) {
      delayed.pop();
      ready.push(next);
    }
    while (running.size < options.concurrencyPerPartner && permits(circuit)) {
      const entry = ready.pop();
      if (!entry) break;
      circuit = withStarted(circuit, entry.key);
      running.add(entry);
      entry.attempts++;
      void attempt(run, entry);
    }
    planTimer();
  }

  async function attempt(run: (job: Job) => Promise<JobOutcome>, entry: Entry): Promise<void> {
    let outcome: JobOutcome;
    try {
      outcome = await run(entry.job);
    } catch (error) {
      const { kind, id } = entry.job;
      logger.error({ partnerId, kind, id, err: error }, 'a job failed unexpectedly; it will be tried again');
      outcome = { result: 'retry', reason: error instanceof Error ? error.message : String(error) };
    }
    finish(entry, outcome);
    wake();
    settled();
  }

  function finish(entry: Entry, outcome: JobOutcome): void {
    running.delete(entry);
    const { key, behind } = entry;
    const wasProbe = circuit.state === 'half-open' && circuit.probe === key;
    if (!entry.dropped) judge(entry, outcome);
    if (entry.dropped || outcome.result !== 'retry') {
      entries.delete(key);
      if (behind) enqueue(key, behind.job, behind.seq);
      return;
    }
    if (behind) entry.job = joined(entry.job, behind.job);
    entry.behind = undefined;
    entry.lastError = outcome.reason;
    entry.notBefore = now() + retryDelayMs(entry.attempts, random(), outcome.afterMs, options);
    // a job that fails whatever the partner's state must not be the probe for ever
    if (wasProbe) entry.seq = nextSeq++;
    delayed.push(entry);
  }

  function judge({ key, job, attempts }: Entry, outcome: JobOutcome): void {
    const failed = outcome.result === 'retry';
    const pauseMs = failed ? askedPauseMs(outcome.afterMs, options) : 0;
    const before = circuit.state;
    circuit = withOutcome(circuit, { key, failed, pauseMs }, now(), options);
    if (failed) {
      const { kind, id } = job;
      logger.info(
        { partnerId, kind, id, attempts, reason: outcome.reason },
        'a delivery failed and will be tried again',
      );
    }
    if (circuit.state === before) return;
    if (circuit.state === 'open') {
      logger.warn({ partnerId, until: instant(circuit.until) }, 'the partner keeps failing: deliveries are paused');
    } else logger.info({ partnerId }, 'the partner works again: deliveries go on');
  }

  /** One timer: for the end of an open circuit, else for the next job that becomes ready. */
  function planTimer(): void {
    const at = circuit.state === 'open' ? circuit.until : delayed.peek()?.notBefore;
    const wanted = entries.size > running.size && !halted ? at : undefined;
    if (wanted === timer?.at) return;
    timer?.cancel();
    timer = undefined;
    if (wanted === undefined) return;
    const cancel = clock.after(Math.max(0, wanted - now()), () => {
      timer = undefined;
      wake();
    });
    timer = { at: wanted, cancel };
  }

  function* queued(): Generator<QueuedJob> {
    const openUntil = circuit.state === 'open' ? circuit.until : 0;
    const whenOf = (notBefore: number) => {
      const at = Math.max(notBefore, openUntil);
      return at > 0 ? { nextAttemptAt: instant(at) } : {};
    };
    for (const entry of entries.values()) {
      const { job, attempts, lastError, notBefore, behind } = entry;
      const failure = lastError === undefined ? {} : { lastError };
      yield { ...job, attempts, ...failure, ...(running.has(entry) ? {} : whenOf(notBefore)) };
      if (behind) yield { ...behind.job, attempts: 0 };
    }
  }

  return {
    wake,
    add(job) {
      const key = jobKey(job);
      const entry = entries.get(key);
      if (!entry) enqueue(key, job, nextSeq++);
      else if (!running.has(entry)) entry.job = joined(entry.job, job);
      else if (!entry.behind) entry.behind = { job, seq: nextSeq++ };
      else entry.behind = { job: joined(entry.behind.job, job), seq: entry.behind.seq };
      wake();
    },
    drop() {
      ready.clear();
      delayed.clear();
      entries.clear();
      for (const entry of running) {
        entry.dropped = true;
        entry.behind = undefined;
        // stays known, so that the same key added anew doesn't run beside it
        entries.set(entry.key, entry);
      }
      circuit = closedCircuit;
      planTimer();
    },
    retryNow() {
      for (let entry = delayed.pop(); entry; entry = delayed.pop()) {
        entry.notBefore = 0;
        ready.push(entry);
      }
      circuit = closedCircuit;
      wake();
    },
    jobs: () => [...queued()],
    state() {
      const seen = circuitAt(circuit, now());
      const behind = [...running].filter((entry) => entry.behind).length;
      return {
        partnerId,
        waiting: ready.size + delayed.size + behind,
        running: running.size,
        circuit: seen.state,
        ...(seen.state === 'open' && { openUntil: instant(seen.until) }),
      };
    },
    halt() {
      halted = true;
      planTimer();
    },
  };
}

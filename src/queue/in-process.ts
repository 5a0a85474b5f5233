import type { Job, JobOutcome, Queue } from '../ports.js';
import { createLane, type Lane, type LaneOptions } from './lane.js';

export type InProcessQueueOptions = LaneOptions;

/**
 * The embedded driver of {@link Queue}: jobs wait in memory, those of each partner by themselves, so that one that hangs
 * holds up nobody else. Its size is bounded by the number of objects times partners, as jobs of one key are joined.
 */
export function createInProcessQueue(options: InProcessQueueOptions): Queue {
  const { clock, logger } = options;
  const lanes = new Map<string, Lane>();
  let handle: ((job: Job) => Promise<JobOutcome>) | undefined;
  let stopped: Promise<void> | undefined;
  let jobEnded = (): void => undefined;

  const runningJobs = (): number => [...lanes.values()].reduce((sum, lane) => sum + lane.state().running, 0);

  function laneOf(partnerId: string): Lane {
    let lane = lanes.get(partnerId);
    if (!lane) {
      lane = createLane(
        partnerId,
        options,
        () => handle,
        () => jobEnded(),
      );
      lanes.set(partnerId, lane);
    }
    return lane;
  }

  function drain(timeoutMs: number): Promise<void> {
    for (const lane of lanes.values()) lane.halt();
    return new Promise((resolve) => {
      const cancel = clock.after(timeoutMs, () => {
        logger.warn({ running: runningJobs() }, 'stopped while jobs were running: they will be sent again');
        resolve();
      });
      jobEnded = () => {
        if (runningJobs() > 0) return;
        cancel();
        resolve();
      };
      jobEnded();
    });
  }

  return {
    start(run) {
      handle = run;
      for (const lane of lanes.values()) lane.wake();
    },
    add(job) {
      if (!stopped) laneOf(job.partnerId).add(job);
    },
    drop(partnerId) {
      const lane = lanes.get(partnerId);
      lane?.drop();
      if (lane?.state().running === 0) lanes.delete(partnerId);
    },
    retryNow: (partnerId) => lanes.get(partnerId)?.retryNow(),
    jobs: (partnerId) =>
      partnerId === undefined
        ? [...lanes.values()].flatMap((lane) => lane.jobs())
        : (lanes.get(partnerId)?.jobs() ?? []),
    state: () => [...lanes.values()].map((lane) => lane.state()),
    stop: (timeoutMs) => (stopped ??= drain(timeoutMs)),
  };
}

/** A call that waits for its turn. */
export interface Waiting {
  readonly key: string;
}

export interface InboundQueue<C extends Waiting> {
  /** false: the same call already waits or is being handled, this one is dropped. */
  push(call: C): boolean;
  /** Forgets what waits; resolves when the call being handled is done. Pushes after it are dropped. */
  stop(): Promise<void>;
}

/**
 * The calls of one charge point, handled strictly in order and one at a time (OCPP-J 1.6 §4.1.1). When more than `max`
 * wait, `pause` holds back the socket, and `resume` lets it go on at half of that.
 * @param deps.start nothing is handled before it has resolved, nor at all when it rejects
 * @param deps.handle must not reject
 */
export function createInboundQueue<C extends Waiting>(deps: {
  readonly start: Promise<unknown>;
  readonly handle: (call: C) => Promise<void>;
  readonly max: number;
  readonly pause: () => void;
  readonly resume: () => void;
}): InboundQueue<C> {
  const open = new Set<string>();
  let waiting: C[] = [];
  let paused = false;
  let stopped = false;
  let running: Promise<void> | undefined;

  // whoever gave us `start` sees to its rejection
  const started = deps.start.then(
    () => true,
    () => false,
  );

  async function run(): Promise<void> {
    if (!(await started)) waiting = [];
    for (let call = waiting.shift(); call; call = waiting.shift()) {
      if (paused && waiting.length <= deps.max / 2) {
        paused = false;
        deps.resume();
      }
      await deps.handle(call);
      open.delete(call.key);
    }
    running = undefined; // in the same turn as the last look at `waiting`: no push can come between
  }

  return {
    push(call) {
      if (stopped || open.has(call.key)) return false;
      open.add(call.key);
      waiting.push(call);
      if (!paused && waiting.length > deps.max) {
        paused = true;
        deps.pause();
      }
      running ??= run();
      return true;
    },
    async stop() {
      stopped = true;
      waiting = [];
      await running;
    },
  };
}

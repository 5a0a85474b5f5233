/** When to try again, and when to leave a partner alone: decisions only, times in milliseconds since 1970. */

export interface BackoffOptions {
  /** Milliseconds: the bound of the first backoff; it doubles with each further attempt. */
  readonly backoffBaseMs: number;
  /** Milliseconds: the highest bound of a backoff. */
  readonly backoffMaxMs: number;
  /** Milliseconds: a partner that asks for a longer pause (Retry-After) is asked again after this. */
  readonly retryAfterMaxMs: number;
}

/** The pause that a partner asked for, within bounds. */
export const askedPauseMs = (afterMs: number | undefined, { retryAfterMaxMs }: BackoffOptions): number =>
  Math.min(Math.max(afterMs ?? 0, 0), retryAfterMaxMs);

/**
 * How long to wait after the `attempts`-th attempt failed: anything up to an exponentially growing bound ("full
 * jitter", so that what failed together doesn't come back together), but no less than the partner asked for.
 * @param random between 0 and 1
 */
export function retryDelayMs(
  attempts: number,
  random: number,
  afterMs: number | undefined,
  by: BackoffOptions,
): number {
  const bound = Math.min(by.backoffMaxMs, by.backoffBaseMs * 2 ** (attempts - 1));
  return Math.max(Math.round(random * bound), askedPauseMs(afterMs, by));
}

export interface CircuitOptions {
  /** Failures in a row that open a partner's circuit. */
  readonly circuitFailures: number;
  /** Milliseconds that a circuit stays open before one job is tried. */
  readonly circuitOpenMs: number;
}

/** Closed: jobs run. Open: none does until `until`. Half-open: one runs, the probe, and its outcome decides. */
export type Circuit =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly until: number }
  | { readonly state: 'half-open'; readonly probe?: string };

export const closedCircuit: Circuit = { state: 'closed', failures: 0 };

/** The circuit as it is at `now`: an open one has its term. */
export const circuitAt = (circuit: Circuit, now: number): Circuit =>
  circuit.state === 'open' && now >= circuit.until ? { state: 'half-open' } : circuit;

/** May another job be started? */
export const permits = (circuit: Circuit): boolean =>
  circuit.state === 'closed' || (circuit.state === 'half-open' && circuit.probe === undefined);

/** The circuit once the job `key` is started. */
export const withStarted = (circuit: Circuit, key: string): Circuit =>
  circuit.state === 'half-open' ? { state: 'half-open', probe: key } : circuit;

/**
 * The circuit once the job `key` ended at `now`. `pauseMs` is how long the partner asked to be left alone. While the
 * circuit isn't closed only its probe counts: the others were started before it opened.
 */
export function withOutcome(
  circuit: Circuit,
  outcome: { readonly key: string; readonly failed: boolean; readonly pauseMs: number },
  now: number,
  { circuitFailures, circuitOpenMs }: CircuitOptions,
): Circuit {
  const opened: Circuit = { state: 'open', until: now + Math.max(circuitOpenMs, outcome.pauseMs) };
  switch (circuit.state) {
    case 'closed': {
      if (!outcome.failed) return closedCircuit;
      const failures = circuit.failures + 1;
      return failures >= circuitFailures ? opened : { state: 'closed', failures };
    }
    case 'open':
      return circuit;
    case 'half-open':
      if (circuit.probe !== outcome.key) return circuit;
      return outcome.failed ? opened : closedCircuit;
  }
}

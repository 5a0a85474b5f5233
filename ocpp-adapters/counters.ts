/** Why an upgrade was refused. */
export type UpgradeRefusal =
  | 'path'
  | 'protocol'
  | 'unknown'
  | 'unauthorized'
  | 'insecure'
  | 'limited'
  | 'full'
  | 'rate'
  | 'stopping'
  | 'timeout'
  | 'failed';

/** What the OCPP side has counted since it started; `connections.open` is how many there are now. */
export interface OcppCounters {
  readonly connections: {
    readonly open: number;
    readonly accepted: number;
    readonly replaced: number;
    readonly idle: number;
    readonly withoutProtocol: number;
    /** Those that have sent too many messages, once each. */
    readonly flooding: number;
    readonly tlsFailed: number;
    readonly refused: Readonly<Record<UpgradeRefusal, number>>;
  };
  readonly frames: {
    readonly received: number;
    readonly sent: number;
    readonly binary: number;
    readonly malformed: number;
    readonly ignored: number;
    /** Over the rate, and so refused; where charge points are slowed down there are none. */
    readonly flooding: number;
  };
  /** Calls of charge points. A duplicate came again while it waited or was handled, and was dropped. */
  readonly calls: { readonly received: number; readonly duplicate: number; readonly timedOut: number };
  /** Commands to charge points. A late answer came after its time-out; an unknown one belongs to nothing we asked. */
  readonly commands: {
    readonly sent: number;
    readonly timedOut: number;
    readonly lateAnswers: number;
    readonly unknownAnswers: number;
  };
  /** By code as on the wire; what charge points invent is counted as `other`. */
  readonly callErrors: {
    readonly sent: Readonly<Record<string, number>>;
    readonly received: Readonly<Record<string, number>>;
  };
  readonly tolerances: Readonly<Record<string, number>>;
}

type Mutable<T> = T extends number ? number : { -readonly [K in keyof T]: Mutable<T[K]> };

/** Where connections count into. */
export type Counting = Mutable<OcppCounters>;

export const createCounting = (): Counting => ({
  connections: {
    open: 0,
    accepted: 0,
    replaced: 0,
    idle: 0,
    withoutProtocol: 0,
    flooding: 0,
    tlsFailed: 0,
    refused: {
      path: 0,
      protocol: 0,
      unknown: 0,
      unauthorized: 0,
      insecure: 0,
      limited: 0,
      full: 0,
      rate: 0,
      stopping: 0,
      timeout: 0,
      failed: 0,
    },
  },
  frames: { received: 0, sent: 0, binary: 0, malformed: 0, ignored: 0, flooding: 0 },
  calls: { received: 0, duplicate: 0, timedOut: 0 },
  commands: { sent: 0, timedOut: 0, lateAnswers: 0, unknownAnswers: 0 },
  callErrors: { sent: {}, received: {} },
  tolerances: {},
});

/** Adds one to a counter that has its name from data. */
export function countBy(counters: Record<string, number>, name: string): void {
  counters[name] = (counters[name] ?? 0) + 1;
}

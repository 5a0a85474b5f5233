import type { Stage } from './stage.js';

/** What a charge point in the field does, how it is read, and the proof. */
export type Entry = {
  readonly name: string;
  /** What is seen. */
  readonly seen: string;
  /** Public threads that report it, as `owner/repository#number`; none: seen, but not filed in public. */
  readonly threads: readonly string[];
  readonly rule: string;
  /** The file that holds the rule. */
  readonly where: string;
  /** What is kept of it: an anomaly of the session, a deviation of the charge point; absent: nothing. */
  readonly recorded?: string | undefined;
} & (
  | {
      /** Plays it to a whole bridge, on a charge point of its own. */
      readonly story: (stage: Stage) => Promise<void>;
      /** Absent: the charge point is connected and has booted. */
      readonly opening?: { readonly boot?: boolean; readonly connect?: boolean } | undefined;
    }
  | {
      /** A test elsewhere: its file and its title. */
      readonly test: readonly [file: string, title: string];
    }
);

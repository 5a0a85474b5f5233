/** The three statements of a transaction, and whether one is open. */
export interface Transactions {
  readonly inTransaction: boolean;
  exec(sql: string): unknown;
}

export interface GroupCommit {
  /**
   * Runs a write in the next transaction and resolves with its result once that is committed. What `write` throws
   * rejects only its own promise and undoes nothing, so it must throw before it changes anything or in its last statement.
   */
  run<T>(write: () => T): Promise<T>;
  /** Commits what waits, now. */
  flush(): void;
}

interface Waiting {
  readonly write: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One commit, thus one sync of the disk, for all writes that are asked for in the same turn of the event loop.
 * @param maxBatch most writes in one transaction; more wait for the next turn
 * @param beforeCommit what is written once a transaction, behind all its writes
 */
export function createGroupCommit(db: Transactions, maxBatch: number, beforeCommit: () => void): GroupCommit {
  let waiting: Waiting[] = [];
  let scheduled = false;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      commitBatch();
      if (waiting.length > 0) schedule();
    });
  };

  function commitBatch(): void {
    const batch = waiting.slice(0, maxBatch);
    waiting = waiting.slice(maxBatch);
    if (batch.length === 0) return;
    try {
      for (const settle of inOneTransaction(db, batch, beforeCommit)) settle();
    } catch (error) {
      rollBack(db);
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    run: <T>(write: () => T) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ write, resolve, reject });
        schedule();
      }),
    flush() {
      while (waiting.length > 0) commitBatch();
    },
  };
}

/** One that fails leaves the transaction open: the next batch then fails to begin, and tries this again. */
function rollBack(db: Transactions): void {
  try {
    if (db.inTransaction) db.exec('ROLLBACK');
  } catch {
    // the error that led here is the one that the writers get
  }
}

/** What tells each writer how its write ended; nothing is told before the commit. */
function inOneTransaction(
  db: Transactions,
  batch: readonly Waiting[],
  beforeCommit: () => void,
): readonly (() => void)[] {
  db.exec('BEGIN IMMEDIATE');
  const settled = batch.map(({ write, resolve, reject }) => {
    try {
      const value = write() as never;
      return () => resolve(value);
    } catch (error) {
      // a full disk and the like end the whole transaction (sqlite.org/lang_transaction.html, section 3)
      if (!db.inTransaction) throw error;
      return () => reject(error);
    }
  });
  beforeCommit();
  db.exec('COMMIT');
  return settled;
}

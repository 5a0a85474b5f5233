import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { Clock, Kind, Kinds, Logger, Query, Store, Stored } from '../../ports.js';
import { createDocumentCache } from './cache.js';
import { createDocuments, writable } from './documents.js';
import { DataFileError, reasonOf } from './errors.js';
import { createGroupCommit } from './group-commit.js';
import { lockFile } from './lock.js';
import { createMeterLog } from './meter-log.js';
import { migrate, migrations } from './migrations.js';

export interface SqliteStoreOptions {
  /** The data file; its folder is made when there is none. Beside it are `-wal`, `-shm` and `.lock`. */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that a statement waits for another program, e.g. a backup, that has the file locked. */
  readonly busyTimeoutMs: number;
  /** Most writes in one commit. */
  readonly maxBatch: number;
  /** Documents that are kept in memory for reading. */
  readonly cachedDocuments: number;
}

/**
 * The embedded driver of {@link Store}: one SQLite file that one process has open. Write-ahead log and full
 * synchronisation: a write whose promise resolved survives a kill and a power cut.
 * @throws DataFileError when another process has the file, or it is of a newer version or no database
 */
export function createSqliteStore({
  file,
  clock,
  logger,
  busyTimeoutMs,
  maxBatch,
  cachedDocuments,
}: SqliteStoreOptions): Store {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const unlock = lockFile(file);
  let db: Database.Database;
  try {
    db = openDatabase(file, busyTimeoutMs, logger);
  } catch (error) {
    unlock();
    throw error;
  }
  const documents = createDocuments(db);
  const meterLog = createMeterLog(db);
  const commits = createGroupCommit(db, maxBatch, () => documents.keepCounter());
  const cache = createDocumentCache(cachedDocuments);
  const takeNumbers = db.prepare(`
    INSERT INTO counter (name, next) VALUES (?, 1 + ?)
    ON CONFLICT (name) DO UPDATE SET next = next + excluded.next - 1 RETURNING next`);
  let open = true;

  /** libsql runs the statements of a closed database on: the check is ours. */
  const ready = (): void => {
    if (!open) throw new Error('the store is closed');
  };
  const write = async <T>(task: () => T): Promise<T> => {
    ready();
    return commits.run(task);
  };

  function findCached<K extends Kind>(kind: K, query: Query<K>): readonly Stored<Kinds[K]>[] {
    return documents.findKeys(kind, query).flatMap(({ id, change }) => {
      const cached = cache.get(kind, id);
      if (cached?.change === change) return [cached];
      const found = documents.get(kind, id);
      if (found) cache.put(kind, found);
      return found ? [found] : [];
    });
  }

  return {
    async get(kind, id) {
      ready();
      const cached = cache.get(kind, id);
      if (cached) return cached;
      const found = documents.get(kind, id);
      if (found) cache.put(kind, found);
      return found;
    },
    async save(kind, { id, revision, body }) {
      const cached = cache.get(kind, id);
      const before = cached?.revision === revision ? cached.body : undefined;
      const document = writable(kind, id, revision, body, before);
      const saved = await write(() => documents.save(document));
      cache.put(kind, saved);
      return saved;
    },
    async remove(kind, id, revision) {
      await write(() => documents.remove(kind, id, revision));
      cache.drop(kind, id);
    },
    async find(kind, query = {}) {
      ready();
      // what is looked up by an index was mostly used a moment ago; what is paged through was not
      return query.where ? findCached(kind, query) : documents.find(kind, query);
    },
    async count(kind, query = {}) {
      ready();
      return documents.count(kind, query);
    },
    async changedSince(after, limit) {
      ready();
      return documents.changedSince(after, limit);
    },
    async lastChange() {
      ready();
      return documents.lastChange();
    },
    async reserveNumbers(counter, size) {
      if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`can't reserve ${size} numbers`);
      return write(() => (takeNumbers.get([counter, size]) as { next: number }).next - size);
    },
    async appendMeterSamples(sessionId, samples) {
      if (samples.length === 0) return;
      const arrived = clock.now();
      await write(() => meterLog.append(sessionId, arrived, samples));
    },
    async meterSamples(sessionId) {
      ready();
      return meterLog.read(sessionId);
    },
    async purgeMeterSamples(before) {
      let samples = 0;
      for (;;) {
        // in slices, so that saves get their turn between
        const purged = await write(() => meterLog.purge(before, PURGE_ROWS));
        samples += purged.samples;
        if (purged.rows < PURGE_ROWS) return samples;
      }
    },
    async close() {
      if (!open) return;
      commits.flush();
      open = false;
      try {
        db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get([]);
      } finally {
        db.close();
        unlock();
      }
    },
  };
}

/** Rows of the meter log that go in one transaction: some milliseconds. */
const PURGE_ROWS = 1_000;

function openDatabase(file: string, busyTimeoutMs: number, logger: Logger): Database.Database {
  const db = new Database(file);
  try {
    db.pragma(`busy_timeout = ${busyTimeoutMs}`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    // pages that are written again and again are copied to the database once in 64 MiB, not once in 4
    db.pragma('wal_autocheckpoint = 16384');
    migrate(db, migrations, logger);
    return db;
  } catch (error) {
    db.close();
    throw new DataFileError(`can't open ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

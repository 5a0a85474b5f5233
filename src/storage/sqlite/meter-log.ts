import type Database from 'libsql';
import type { Instant } from '../../domain/instant.js';
import type { MeterSample } from '../../domain/meter.js';

/** The statements on the log of raw meter samples; a row is what arrived together. Those that write belong into a transaction. */
export interface MeterLog {
  append(sessionId: string, arrived: Instant, samples: readonly MeterSample[]): void;
  read(sessionId: string): readonly MeterSample[];
  /** Forgets up to `rows` rows that arrived before `before`; returns how many rows and samples they were. */
  purge(before: Instant, rows: number): { readonly rows: number; readonly samples: number };
}

export function createMeterLog(db: Database.Database): MeterLog {
  const append = db.prepare('INSERT INTO meter_samples (session_id, arrived, samples) VALUES (?, ?, ?)');
  const read = db.prepare('SELECT samples FROM meter_samples WHERE session_id = ? ORDER BY seq');
  const purge = db.prepare(`
    DELETE FROM meter_samples WHERE seq IN (SELECT seq FROM meter_samples WHERE arrived < ? LIMIT ?)
    RETURNING json_array_length(samples) AS n`);
  return {
    append: (sessionId, arrived, samples) => void append.run([sessionId, arrived, JSON.stringify(samples)]),
    read: (sessionId) =>
      (read.all([sessionId]) as { samples: string }[]).flatMap(({ samples }) => JSON.parse(samples) as MeterSample[]),
    purge(before, rows) {
      const purged = purge.all([before, rows]) as { n: number }[];
      return { rows: purged.length, samples: purged.reduce((sum, { n }) => sum + n, 0) };
    },
  };
}

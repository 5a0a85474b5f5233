import type Database from 'libsql';
import type { Logger } from '../../ports.js';
import { DataFileError } from './errors.js';

/** A step forward of the file's schema. Once released it never changes: files out there were made by it. */
export interface Migration {
  readonly name: string;
  up(db: Database.Database): void;
}

/** `seq` is the order of creation; an index of a kind is a column `ix_<index>`. */
const documentTable = (kind: string, indexes: readonly string[]): string => `
  CREATE TABLE "${kind}" (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    change INTEGER NOT NULL,
    updated TEXT,
    body TEXT NOT NULL${indexes.map((name) => `,\n    "ix_${name}" TEXT`).join('')}
  ) STRICT;
  CREATE INDEX "${kind}_updated" ON "${kind}" (updated) WHERE updated IS NOT NULL;
  ${indexes.map((name) => `CREATE INDEX "${kind}_${name}" ON "${kind}" ("ix_${name}") WHERE "ix_${name}" IS NOT NULL;`).join('\n  ')}
`;

/** The schema's versions: a file's `user_version` counts those that it has been through. */
export const migrations: readonly Migration[] = [
  {
    name: 'documents, counters and the meter sample log',
    up(db) {
      const tables = {
        location: [],
        tariff: ['listed'],
        token: ['partner', 'uid', 'listable'],
        session: ['partner', 'running', 'startKey', 'transaction', 'due', 'parked', 'cdrDueAt', 'suspectSince'],
        cdr: ['partner', 'session', 'due', 'parked'],
        partner: ['tokenHash'],
        chargePoint: ['location'],
        unknownChargePoint: [],
        watermark: [],
      };
      for (const [kind, indexes] of Object.entries(tables)) db.exec(documentTable(kind, indexes));
      db.exec(`
        CREATE UNIQUE INDEX location_change ON location (change);
        CREATE UNIQUE INDEX tariff_change ON tariff (change);
        CREATE TABLE change_counter (last INTEGER NOT NULL) STRICT;
        INSERT INTO change_counter VALUES (0);
        CREATE TABLE counter (name TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE meter_samples (
          seq INTEGER PRIMARY KEY,
          session_id TEXT NOT NULL,
          arrived TEXT NOT NULL,
          samples TEXT NOT NULL
        ) STRICT;
        CREATE INDEX meter_samples_session ON meter_samples (session_id);
        CREATE INDEX meter_samples_arrived ON meter_samples (arrived);
      `);
    },
  },
  {
    name: 'notices and device models of charge points',
    up(db) {
      for (const kind of ['notices', 'deviceModel']) db.exec(documentTable(kind, []));
    },
  },
];

/**
 * Brings a file to the newest version, each step in a transaction of its own.
 * @throws DataFileError for a file of a newer version; it is left as it is
 */
export function migrate(db: Database.Database, steps: readonly Migration[], logger: Logger): void {
  const { user_version: found } = db.prepare('PRAGMA user_version').get([]) as { user_version: number };
  if (found > steps.length) {
    throw new DataFileError(`the file has schema version ${found}, this program knows ${steps.length}: update it`);
  }
  for (const [index, step] of steps.entries()) {
    const version = index + 1;
    if (version <= found) continue;
    db.transaction(() => {
      step.up(db);
      db.exec(`PRAGMA user_version = ${version}`);
    }).immediate();
    logger.info({ version, name: step.name }, 'migrated the data file');
  }
}

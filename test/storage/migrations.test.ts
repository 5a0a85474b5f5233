import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import Database from 'libsql';
import { pino } from 'pino';
import { migrate, migrations, type Migration } from '../../src/storage/sqlite/migrations.js';
import { indexNames, kindNames } from '../../src/storage/kinds.js';

const logger = pino({ level: 'silent' });
const versionOf = (db: Database.Database): number =>
  (db.prepare('PRAGMA user_version').get([]) as { user_version: number }).user_version;
const columnsOf = (db: Database.Database, table: string): readonly string[] =>
  (db.prepare(`PRAGMA table_info("${table}")`).all([]) as { name: string }[]).map(({ name }) => name);

describe('migrations of the data file', () => {
  let folder: string;
  let db: Database.Database;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roambridge-migrations-'));
    db = new Database(join(folder, 'x.db'));
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  const first: Migration = {
    name: 'a table',
    up: (on) => void on.exec(`CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('kept')`),
  };
  const second: Migration = {
    name: 'a column, filled from what is there',
    up: (on) => void on.exec(`ALTER TABLE t ADD COLUMN b TEXT; UPDATE t SET b = upper(a)`),
  };
  const failing: Migration = {
    name: 'half of something',
    up(on) {
      on.exec('CREATE TABLE half (x)');
      throw new Error('no more');
    },
  };

  it('make a schema that has a column for every index of every kind', () => {
    migrate(db, migrations, logger);
    assert.equal(versionOf(db), migrations.length);
    for (const kind of kindNames) {
      const found = columnsOf(db, kind).filter((name) => name.startsWith('ix_'));
      assert.deepEqual(
        found.toSorted(),
        indexNames(kind)
          .map((name) => `ix_${name}`)
          .toSorted(),
        kind,
      );
    }
  });

  it('bring an older file forward and keep what is in it, each step once', () => {
    migrate(db, [first], logger);
    migrate(db, [first, second], logger);
    migrate(db, [first, second], logger);
    assert.equal(versionOf(db), 2);
    assert.deepEqual(db.prepare('SELECT a, b FROM t').all([]), [{ a: 'kept', b: 'KEPT' }]);
  });

  it('leave a file as it was before the step that fails', () => {
    assert.throws(() => migrate(db, [first, failing], logger), /no more/);
    assert.equal(versionOf(db), 1);
    assert.deepEqual(columnsOf(db, 'half'), []);
    migrate(db, [first, second], logger);
    assert.equal(versionOf(db), 2);
  });

  it('refuse a file of a newer version', () => {
    migrate(db, [first, second], logger);
    assert.throws(() => migrate(db, [first], logger), /schema version 2, this program knows 1/);
    assert.deepEqual(columnsOf(db, 't'), ['a', 'b']);
  });
});

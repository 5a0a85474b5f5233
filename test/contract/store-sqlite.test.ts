import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import Database from 'libsql';
import { pino } from 'pino';
import type { Store } from '../../src/ports.js';
import { DataFileError } from '../../src/storage/sqlite/errors.js';
import { createSqliteStore } from '../../src/storage/sqlite/store.js';
import { aLocation } from '../support/documents.js';
import { createFakeClock } from '../support/fake-clock.js';
import { startStoreWriter } from '../support/store-writer.js';
import { storeContract } from './store.contract.js';

const logger = pino({ level: 'silent' });
const openAt = (file: string, clock = createFakeClock()): Store =>
  createSqliteStore({ file, clock, logger, busyTimeoutMs: 1_000, maxBatch: 100, cachedDocuments: 10 });

storeContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'roambridge-store-'));
  const file = join(folder, 'data', 'roambridge.db');
  const clock = createFakeClock();
  let store = openAt(file, clock);
  return {
    store,
    clock,
    async reopen() {
      await store.close();
      return (store = openAt(file, clock));
    },
    async destroy() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('the SQLite data file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roambridge-store-'));
    file = join(folder, 'roambridge.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps what was acknowledged to a process that was killed, and opens at once', async () => {
    const writer = startStoreWriter(file);
    const acknowledged = new Map<string, number>();
    try {
      for await (const line of writer.acknowledged) {
        const [id = '', revision] = line.split(' ');
        acknowledged.set(id, Number(revision));
        if (id === 'c' && Number(revision) >= 50) break;
      }
      assert.throws(() => openAt(file), /in use by another process/);
    } finally {
      await writer.kill();
    }
    const store = openAt(file);
    for (const [id, revision] of acknowledged) {
      const stored = await store.get('location', id);
      assert.ok(stored && stored.revision >= revision, `${id}: ${stored?.revision} is not below ${revision}`);
    }
    const last = await store.lastChange();
    assert.ok(last >= 150);
    assert.ok((await store.save('location', { id: 'd', revision: 0, body: aLocation() })).change > last);
    await store.close();
  });

  it('is open in one store at a time', async () => {
    const first = openAt(file);
    assert.throws(() => openAt(file), DataFileError);
    await first.close();
    await openAt(file).close();
  });

  it('is refused, and left alone, when a newer version made it', async () => {
    await openAt(file).close();
    const db = new Database(file);
    db.exec('PRAGMA user_version = 999');
    db.close();
    assert.throws(() => openAt(file), /schema version 999/);
    assert.throws(() => openAt(file), /schema version 999/, 'the lock was given up');
  });

  it('is refused when it is no database', () => {
    writeFileSync(file, 'locations: []\n'.repeat(1_000));
    assert.throws(() => openAt(file), DataFileError);
  });

  it('is refused when another program made it', () => {
    const db = new Database(file);
    db.exec('CREATE TABLE location (x)');
    db.close();
    assert.throws(() => openAt(file), DataFileError);
  });

  it('has each save in its write-ahead log, for a backup to see', async () => {
    const store = openAt(file);
    await store.save('location', { id: 'a', revision: 0, body: aLocation() });
    const db = new Database(file);
    assert.equal((db.prepare('PRAGMA journal_mode').get([]) as { journal_mode: string }).journal_mode, 'wal');
    assert.equal((db.prepare('SELECT count(*) AS n FROM location').get([]) as { n: number }).n, 1);
    db.close();
    await store.close();
  });

  it('refuses an id with a NUL, which SQLite would cut', async () => {
    const store = openAt(file);
    await assert.rejects(store.save('location', { id: 'a\0b', revision: 0, body: aLocation() }), /NUL/);
    await store.close();
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { systemClock } from '../../src/clock.js';
import { createSqliteStore } from '../../src/storage/sqlite/store.js';
import { aLocation } from './documents.js';

const thisFile = fileURLToPath(import.meta.url);

/** A process of its own that saves locations and prints the id and revision of each save once it is acknowledged. */
export function startStoreWriter(file: string): {
  readonly acknowledged: AsyncIterable<string>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
} {
  const child = spawn(process.execPath, [thisFile, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  return {
    acknowledged: createInterface({ input: child.stdout }),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function writeForEver(file: string): Promise<never> {
  const logger = pino({ level: 'silent' });
  const store = createSqliteStore({
    file,
    clock: systemClock,
    logger,
    busyTimeoutMs: 1_000,
    maxBatch: 100,
    cachedDocuments: 10,
  });
  for (let revision = 0; ; revision++) {
    const saves = ['a', 'b', 'c'].map((id) => store.save('location', { id, revision, body: aLocation() }));
    for (const { id, revision: saved } of await Promise.all(saves)) process.stdout.write(`${id} ${saved}\n`);
  }
}

if (process.argv[1] === thisFile) await writeForEver(process.argv[2]!);

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The repository: this file runs from dist/test/support/peers. */
const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where the Python script of this name is. */
export const pythonScript = (name: string): string => join(root, 'test/support/peers', name);

/**
 * The Python of a virtual environment that has these packages. It is made once and kept in node_modules/.cache; several
 * processes may ask at the same time. Rejects with the reason when there is no Python or no package registry.
 */
async function pythonWith(packages: readonly string[]): Promise<string> {
  const name = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const home = join(root, 'node_modules/.cache/roambridge/python', name);
  const python = join(home, 'bin/python');
  if (existsSync(python)) return python;
  mkdirSync(dirname(home), { recursive: true });
  const fresh = `${home}.${process.pid}`;
  try {
    await run('python3', ['-m', 'venv', fresh], { timeout: 60_000 });
    await run(join(fresh, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...packages], { timeout: 60_000 });
    renameSync(fresh, home);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // another process may have been faster: then the name is taken
    if (!existsSync(python)) throw error;
  }
  return python;
}

/**
 * The Python with the peers' packages, or why there is none: such tests are skipped on a developer's machine, but CI must
 * have it.
 */
export async function pythonOrReason(): Promise<{ python: string } | { reason: string }> {
  try {
    return { python: await pythonWith(['ocpp==2.1.0', 'websockets==15.0.1']) };
  } catch (error) {
    if (process.env['CI']) throw error;
    return { reason: `no Python with the package ocpp: ${String(error).split('\n', 1).join('')}` };
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { newDataDir, operatorOf, until, type Operator } from './bridge.js';

const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url));

/** The bridge as a process of its own, on one data folder and fixed ports, to be killed and started again. */
export interface BridgeProcess {
  readonly ocppPort: number;
  readonly operator: Operator;
  /** Resolves when it is ready. */
  start(): Promise<void>;
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Kills it if it runs and removes its data. */
  destroy(): Promise<void>;
}

async function freePorts(count: number): Promise<readonly number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(probes.map((probe) => once(probe, 'listening')));
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}

export async function createBridgeProcess(env: Readonly<Record<string, string>> = {}): Promise<BridgeProcess> {
  const dataDir = newDataDir();
  const [ocppPort = 0, ocpiPort = 0, operatorPort = 0] = await freePorts(3);
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [cli, 'start'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        ROAMBRIDGE_DATA_DIR: dataDir,
        ROAMBRIDGE_HOST: '127.0.0.1',
        ROAMBRIDGE_OCPP_PORT: String(ocppPort),
        ROAMBRIDGE_OCPI_PORT: String(ocpiPort),
        ROAMBRIDGE_OPERATOR_PORT: String(operatorPort),
        ROAMBRIDGE_ALLOW_PRIVATE_NETWORKS: 'true',
        ROAMBRIDGE_SWEEP_INTERVAL: '0.1',
        ROAMBRIDGE_DELIVERY__BACKOFF_BASE: '0.05',
        ROAMBRIDGE_DELIVERY__BACKOFF_MAX: '0.2',
        ROAMBRIDGE_DELIVERY__CIRCUIT_OPEN: '0.1',
        ROAMBRIDGE_OCPI__REQUEST_TIMEOUT: '1',
        ...env,
      },
    });
    child = started;
    let errors = '';
    started.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    await until(
      async () => {
        if (started.exitCode !== null) throw new Error(`the bridge ended with ${started.exitCode}: ${errors}`);
        const health = await axios
          .get(`http://127.0.0.1:${operatorPort}/health`, { proxy: false, timeout: 1000, validateStatus: () => true })
          .catch(() => undefined);
        return health?.status === 200;
      },
      'the bridge to be ready',
      20_000,
    );
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child;
    if (ending?.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? null;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    await exited;
    return ending.exitCode;
  }

  return {
    ocppPort,
    operator: (method, path, body) =>
      operatorOf(operatorPort, readFileSync(join(dataDir, 'operator.key'), 'utf8').trim())(method, path, body),
    start,
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    async destroy() {
      await end('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

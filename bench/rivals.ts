import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axios from 'axios';

/** A server under load, in a process of its own. */
export interface Rival {
  readonly name: string;
  readonly child: ChildProcess;
  urlOf(index: number): string;
  stop(): void;
}

export interface BridgeRival extends Rival {
  operator(method: string, path: string, body?: unknown): Promise<unknown>;
}

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** A server that only answers and prints its port. */
export async function startRival(name: string, script: string, args: readonly string[] = []): Promise<Rival> {
  const child = spawn(process.execPath, [pathOf(`./servers/${script}.js`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  return { name, child, urlOf: (index) => `ws://127.0.0.1:${port}/CP${index}`, stop: () => child.kill('SIGKILL') };
}

/** The bridge with a new data folder. */
export async function startBridge(env: Readonly<Record<string, string>> = {}): Promise<BridgeRival> {
  const dataDir = mkdtempSync(join(tmpdir(), 'roambridge-bench-'));
  const child = spawn(process.execPath, [pathOf('../src/cli.js'), 'start'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      ROAMBRIDGE_DATA_DIR: dataDir,
      ROAMBRIDGE_HOST: '127.0.0.1',
      ROAMBRIDGE_OCPP_PORT: '0',
      ROAMBRIDGE_OCPI_PORT: '0',
      ROAMBRIDGE_OPERATOR_PORT: '0',
      ROAMBRIDGE_ALLOW_PLAIN: 'true',
      ROAMBRIDGE_ALLOW_PRIVATE_NETWORKS: 'true',
      // no charge point is this busy: what is measured is the server, not its guard against floods
      ROAMBRIDGE_OCPP__MESSAGES_PER_SECOND: '100000',
      ROAMBRIDGE_OCPP__MESSAGE_BURST: '100000',
      ...env,
    },
  });
  const ports = await new Promise<{ ocpp: number; operator: number }>((resolve) => {
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      if (text === 'ready') return;
      text += data.toString();
      const ready = text.split('\n').find((line) => line.includes('"msg":"ready"'));
      if (!ready) return;
      text = 'ready';
      resolve(JSON.parse(ready) as { ocpp: number; operator: number });
    });
  });
  const client = axios.create({
    baseURL: `http://127.0.0.1:${ports.operator}`,
    headers: { Authorization: `Bearer ${readFileSync(join(dataDir, 'operator.key'), 'utf8').trim()}` },
    proxy: false,
    maxBodyLength: Infinity,
  });
  return {
    name: 'roambridge',
    child,
    urlOf: (index) => `ws://127.0.0.1:${ports.ocpp}/ocpp/CP${index}`,
    operator: async (method, path, body) => (await client.request<unknown>({ method, url: path, data: body })).data,
    stop() {
      child.kill('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Resident memory of a process, in KiB (Linux). */
export const residentKiB = (child: ChildProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8'))?.[1]);

/** A site with a location of one EVSE and one tariff for each charge point CP0, CP1, … */
export function benchSite(count: number) {
  const last_updated = '2026-01-01T00:00:00Z';
  const owner = { country_code: 'NL', party_id: 'RBR' };
  const indexes = Array.from({ length: count }, (_, index) => index);
  return {
    tariffs: [
      {
        ...owner,
        id: 'T',
        currency: 'EUR',
        elements: [{ price_components: [{ type: 'ENERGY', price: 0.35, vat: 21, step_size: 1 }] }],
        last_updated,
      },
    ],
    locations: indexes.map((index) => ({
      ...owner,
      id: `LOC${index}`,
      publish: true,
      address: 'Bench street 1',
      city: 'Utrecht',
      country: 'NLD',
      coordinates: { latitude: '52.093060', longitude: '5.118240' },
      time_zone: 'Europe/Amsterdam',
      evses: [
        {
          uid: `E${index}`,
          evse_id: `NL*RBR*E${index}`,
          status: 'UNKNOWN',
          connectors: [
            {
              id: '1',
              standard: 'IEC_62196_T2',
              format: 'SOCKET',
              power_type: 'AC_3_PHASE',
              max_voltage: 230,
              max_amperage: 32,
              tariff_ids: ['T'],
              last_updated,
            },
          ],
          last_updated,
        },
      ],
      last_updated,
    })),
    charge_points: indexes.map((index) => ({ id: `CP${index}`, evses: { '1': `E${index}` } })),
  };
}

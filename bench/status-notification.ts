import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { WebSocket } from 'ws';

/**
 * StatusNotifications a second, each one a change that is saved durably (charge point and location) before it is
 * answered, beside a bare `ws` server that only answers; both in processes of their own, in turns of one run.
 * `node dist/bench/status-notification.js [connections] [seconds] [rounds]`
 */
const [connections = 200, seconds = 3, rounds = 3] = process.argv.slice(2).map(Number);
const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const statuses = ['Available', 'Preparing', 'Charging', 'SuspendedEV', 'Finishing', 'Unavailable'];

interface Result {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, 'ocpp1.6', { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

/** Each connection sends its next call when its last one is answered. */
async function load(sockets: readonly WebSocket[]): Promise<Result> {
  const latencies: number[] = [];
  const until = performance.now() + seconds * 1000;
  let round = 0;
  await Promise.all(
    sockets.map(
      (socket, index) =>
        new Promise<void>((resolve) => {
          let sentAt = 0;
          let count = index;
          const send = (): void => {
            sentAt = performance.now();
            count += 1;
            socket.send(
              JSON.stringify([
                2,
                `${round}-${count}`,
                'StatusNotification',
                { connectorId: 1, errorCode: 'NoError', status: statuses[count % statuses.length] },
              ]),
            );
          };
          socket.on('message', (data: Buffer) => {
            if (data[1] !== 0x33) throw new Error(`refused: ${data.toString()}`);
            const now = performance.now();
            latencies.push(now - sentAt);
            if (now < until) send();
            else {
              socket.removeAllListeners('message');
              resolve();
            }
          });
          send();
        }),
    ),
  );
  round += 1;
  latencies.sort((a, b) => a - b);
  const quantile = (q: number): number => latencies[Math.floor(latencies.length * q)] ?? NaN;
  return { perSecond: latencies.length / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

interface Rival {
  readonly name: string;
  readonly urlOf: (index: number) => string;
  readonly child: ChildProcess;
}

async function startEcho(): Promise<Rival> {
  const child = spawn(process.execPath, [pathOf('./echo-server.js')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { name: 'bare ws', urlOf: () => `ws://127.0.0.1:${Number(line.toString())}/`, child };
}

async function startBridge(dataDir: string): Promise<Rival> {
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
    },
  });
  const ports = await new Promise<{ ocpp: number; operator: number }>((resolve) => {
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString();
      const ready = text.split('\n').find((line) => line.includes('"msg":"ready"'));
      if (ready) resolve(JSON.parse(ready) as { ocpp: number; operator: number });
    });
  });
  await axios.post(`http://127.0.0.1:${ports.operator}/api/import`, site(), {
    headers: { Authorization: `Bearer ${readFileSync(join(dataDir, 'operator.key'), 'utf8').trim()}` },
    proxy: false,
  });
  return { name: 'roambridge', urlOf: (index) => `ws://127.0.0.1:${ports.ocpp}/ocpp/CP${index}`, child };
}

/** A location with one EVSE for each charge point. */
function site() {
  const last_updated = '2026-01-01T00:00:00Z';
  const owner = { country_code: 'NL', party_id: 'RBR' };
  const indexes = Array.from({ length: connections }, (_, index) => index);
  return {
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
          status: 'UNKNOWN',
          connectors: [
            {
              id: '1',
              standard: 'IEC_62196_T2',
              format: 'SOCKET',
              power_type: 'AC_3_PHASE',
              max_voltage: 230,
              max_amperage: 32,
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

const dataDir = mkdtempSync(join(tmpdir(), 'roambridge-bench-'));
const rivals = [await startEcho(), await startBridge(dataDir)];
try {
  const sockets = await Promise.all(
    rivals.map(({ urlOf }) => Promise.all(Array.from({ length: connections }, (_, index) => open(urlOf(index))))),
  );
  process.stdout.write(`${connections} connections, ${seconds} s a turn, ${rounds} rounds\n`);
  for (let round = 1; round <= rounds; round += 1) {
    const results: Result[] = [];
    for (const [index, { name }] of rivals.entries()) {
      const result = await load(sockets[index] ?? []);
      results.push(result);
      process.stdout.write(
        `${name.padEnd(12)} ${Math.round(result.perSecond).toString().padStart(7)}/s  p50 ${result.p50Ms.toFixed(2)} ms  p99 ${result.p99Ms.toFixed(2)} ms\n`,
      );
    }
    const [echo, bridge] = results;
    if (echo && bridge) process.stdout.write(`ratio        ${(bridge.perSecond / echo.perSecond).toFixed(2)}\n`);
  }
  sockets.flat().forEach((socket) => socket.terminate());
} finally {
  for (const { child } of rivals) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
}

import { createSimulatedEmsp, type SimulatedEmsp } from '../src/demo/emsp.js';
import { load, openClient, type Client, type OpenClient, type Result } from './load.js';
import { benchSite, residentKiB, startBridge, startRival, type BridgeRival, type Rival } from './rivals.js';

/**
 * The OCPP 1.6 side under load, every message saved before its answer, beside a bare `ws` server and a server of npm
 * `ocpp-rpc` that only answer; each in a process of its own, in turns of one run.
 * `node dist/bench/ocpp.js [rates] [memory] [storm]`, with BENCH_CONNECTIONS, BENCH_SECONDS, BENCH_ROUNDS
 */
const setting = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);
const connections = setting('BENCH_CONNECTIONS', 200);
const seconds = setting('BENCH_SECONDS', 3);
const rounds = setting('BENCH_ROUNDS', 3);
const CARD = '04A2B3C4D5E6F7';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const row = (name: string, { perSecond, p50Ms, p99Ms }: Result): void =>
  say(
    `  ${name.padEnd(18)}${Math.round(perSecond).toString().padStart(7)}/s  p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms`,
  );

const statuses = ['Available', 'Preparing', 'Charging', 'SuspendedEV', 'Finishing', 'Unavailable'];
const counts = new WeakMap<Client, number>();
const count = (client: Client): number => {
  const next = (counts.get(client) ?? client.index) + 1;
  counts.set(client, next);
  return next;
};
const transactions = new WeakMap<Client, number>();
const meters = new WeakMap<Client, number>();
const meter = (client: Client, gainWh: number): number => {
  const next = (meters.get(client) ?? 0) + gainWh;
  meters.set(client, next);
  return next;
};
const now = (): string => new Date().toISOString();

async function start(client: Client): Promise<void> {
  const { transactionId } = await client.call('StartTransaction', {
    connectorId: 1,
    idTag: CARD,
    meterStart: meter(client, 0),
    timestamp: now(),
  });
  transactions.set(client, Number(transactionId));
}

const meterValues = (client: Client): Promise<unknown> =>
  client.call('MeterValues', {
    connectorId: 1,
    transactionId: transactions.get(client),
    meterValue: [
      {
        timestamp: now(),
        sampledValue: [{ value: String(meter(client, 10)), measurand: 'Energy.Active.Import.Register', unit: 'Wh' }],
      },
    ],
  });

const stop = (client: Client): Promise<unknown> =>
  client.call('StopTransaction', {
    transactionId: transactions.get(client),
    meterStop: meter(client, 10),
    timestamp: now(),
  });

interface Scenario {
  readonly name: string;
  /** Only from here on is there a partner, to whom everything is pushed. */
  readonly withEmsp?: boolean;
  readonly prepare?: (client: Client) => Promise<unknown>;
  readonly round: (client: Client) => Promise<unknown>;
}

const scenarios: readonly Scenario[] = [
  {
    name: 'StatusNotification, each a change',
    round: (client) =>
      client.call('StatusNotification', {
        connectorId: 1,
        errorCode: 'NoError',
        status: statuses[count(client) % statuses.length],
      }),
  },
  { name: 'MeterValues of a running transaction', prepare: start, round: meterValues },
  {
    name: 'transaction cycle: Authorize, StartTransaction, MeterValues, StopTransaction; session and CDR to an eMSP',
    withEmsp: true,
    async round(client) {
      await client.call('Authorize', { idTag: CARD });
      await start(client);
      await meterValues(client);
      await stop(client);
    },
  },
];

async function registered(bridge: BridgeRival): Promise<SimulatedEmsp> {
  const emsp = await createSimulatedEmsp();
  const { versionsUrl, tokenA } = (await bridge.operator('POST', '/api/partners/invite', { name: 'eMSP' })) as {
    versionsUrl: string;
    tokenA: string;
  };
  await emsp.registerAt(versionsUrl, tokenA);
  emsp.setToken({ uid: CARD, whitelist: 'ALWAYS' });
  await emsp.pushToken(CARD);
  return emsp;
}

const openAll = (rival: Rival, size: number, password?: string): Promise<OpenClient[]> =>
  Promise.all(Array.from({ length: size }, (_, index) => openClient(rival.urlOf(index), index, password)));

async function rates(): Promise<void> {
  const bridge = await startBridge();
  const rivals: readonly Rival[] = [
    await startRival('bare ws', 'echo'),
    await startRival('ocpp-rpc', 'ocpp-rpc'),
    await startRival('ocpp-rpc strict', 'ocpp-rpc', ['strict']),
    bridge,
  ];
  await bridge.operator('POST', '/api/import', benchSite(connections));
  let emsp: SimulatedEmsp | undefined;
  const clients = new Map<Rival, readonly OpenClient[]>();
  for (const rival of rivals) clients.set(rival, await openAll(rival, connections));
  for (const { name, withEmsp, prepare, round } of scenarios) {
    if (withEmsp) emsp ??= await registered(bridge);
    say(`${name}; ${connections} connections, ${seconds} s a turn`);
    for (let turn = 1; turn <= rounds; turn += 1) {
      const results = new Map<string, number>();
      for (const rival of rivals) {
        const of = clients.get(rival) ?? [];
        if (turn === 1 && prepare) await Promise.all(of.map(prepare));
        const result = await load(of, seconds, round);
        results.set(rival.name, result.perSecond);
        row(rival.name, result);
      }
      const ours = results.get('roambridge') ?? NaN;
      const ratios = [...results].map(([other, rate]) => `${(ours / rate).toFixed(2)} of ${other}`);
      say(`  roambridge: ${ratios.slice(0, -1).join(', ')}`);
    }
  }
  rivals.forEach((rival) => rival.stop());
  await emsp?.close();
}

async function memory(): Promise<void> {
  say('memory of idle connections, KiB each');
  const sizes = [1_000, 5_000, 10_000];
  const bridge = await startBridge();
  const rivals: readonly Rival[] = [
    await startRival('bare ws', 'echo'),
    await startRival('ocpp-rpc', 'ocpp-rpc'),
    bridge,
  ];
  await bridge.operator('POST', '/api/import', benchSite(10_000));
  for (const rival of rivals) {
    const before = residentKiB(rival.child);
    const open: OpenClient[] = [];
    for (const size of sizes) {
      while (open.length < size) {
        const from = open.length;
        const batch = Array.from({ length: Math.min(500, size - from) }, (_, index) => from + index);
        open.push(...(await Promise.all(batch.map((index) => openClient(rival.urlOf(index), index)))));
      }
      await new Promise((resolve) => setTimeout(resolve, 2000));
      say(`  ${rival.name.padEnd(18)}${size} connections: ${((residentKiB(rival.child) - before) / size).toFixed(1)}`);
    }
    open.forEach(({ socket }) => socket.terminate());
    rival.stop();
  }
}

async function storm(): Promise<void> {
  const size = setting('BENCH_STORM', 10_000);
  say(`${size} authenticated reconnections at once`);
  const bridge = await startBridge({ ROAMBRIDGE_OCPP__UPGRADES_PER_SECOND: '100000' });
  await bridge.operator('POST', '/api/import', benchSite(size));
  const passwords: string[] = [];
  for (let index = 0; index < size; index += 1) {
    const { password } = (await bridge.operator('POST', `/api/charge-points/CP${index}/password`, {})) as {
      password: string;
    };
    passwords.push(password);
  }
  const echo = await startRival('bare ws', 'echo');
  for (const rival of [echo, bridge]) {
    for (let turn = 1; turn <= 2; turn += 1) {
      const begun = performance.now();
      const open = await Promise.all(
        passwords.map((password, index) => openClient(rival.urlOf(index), index, password)),
      );
      say(`  ${rival.name.padEnd(18)}turn ${turn}: ${((performance.now() - begun) / 1000).toFixed(2)} s`);
      open.forEach(({ socket }) => socket.terminate());
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
    rival.stop();
  }
}

const parts = { rates, memory, storm };
const chosen = process.argv.slice(2);
for (const [name, run] of Object.entries(parts)) if (chosen.length === 0 || chosen.includes(name)) await run();

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { loadConfig, type Config } from '../config.js';
import { createLogger, startBridge, type Bridge } from '../main.js';
import { createSimulatedChargePoint, type SimulatedChargePoint } from './charge-point.js';
import { createSimulatedEmsp, type SimulatedEmsp } from './emsp.js';
import type { RecordedRequest } from './emsp-recorder.js';
import { demoSite } from './site.js';

/** A step that takes longer has failed. */
const STEP_TIMEOUT_MS = 10_000;
const CARD = '04E1D2C3B4A596';
const METER_START_WH = 1_250_400;
const MINUTE_MS = 60_000;

type Say = (line: string) => void;
type Json = Readonly<Record<string, unknown>>;

/** Bridge, charge point and eMSP, which know of each other only what comes over sockets. */
interface Stage {
  readonly bridge: Bridge;
  readonly emsp: SimulatedEmsp;
  readonly chargePoint: SimulatedChargePoint;
  readonly operator: (method: string, path: string, body: Json) => Promise<Json>;
}

interface Scene {
  readonly what: string;
  /** Returns what to add to the line. */
  readonly play: () => Promise<string>;
}

/**
 * Plays a roaming charge with a simulated charge point and a simulated eMSP and tells it in lines; then stays up until
 * Ctrl-C unless `once`. Returns whether every step worked.
 */
export async function runDemo({ once }: { once: boolean }): Promise<boolean> {
  const say: Say = (line) => void process.stdout.write(`${line}\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'roambridge-demo-'));
  const password = randomBytes(16).toString('hex');
  const config = await demoConfig(dataDir);
  say('Roambridge demo: a roaming charge, over real sockets');
  const bridge = await startBridge(config, createLogger(config));
  const emsp = await createSimulatedEmsp();
  const chargePoint = createSimulatedChargePoint({
    url: `ws://127.0.0.1:${bridge.ocppPort}/ocpp`,
    id: 'DEMO-CP',
    password,
    connectors: 2,
  });
  try {
    const stage: Stage = { bridge, emsp, chargePoint, operator: operatorOf(bridge) };
    const ok = await play(scenes(stage, config, password), say);
    if (!once) await stayUp(bridge, dataDir, say);
    return ok;
  } finally {
    await chargePoint.disconnect();
    await bridge.stop();
    await emsp.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function play(story: readonly Scene[], say: Say): Promise<boolean> {
  for (const [index, { what, play: act }] of story.entries()) {
    const label = `${String(index + 1).padStart(2)}. ${what}`;
    try {
      say(`${label}: ${await act()}`);
    } catch (error) {
      say(`${label}: FAILED: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }
  return true;
}

/** The story. The charge point's clock tells of the last 45 minutes, so that nobody has to wait for them. */
function scenes({ bridge, emsp, chargePoint, operator }: Stage, config: Config, password: string): readonly Scene[] {
  const start = Date.now() - 45 * MINUTE_MS;
  const minute = (count: number): Date => new Date(start + count * MINUTE_MS);
  const received = (matches: (request: RecordedRequest) => boolean) => emsp.waitFor(matches, STEP_TIMEOUT_MS);
  const evseStatus = (status: string) => until(() => statusAt(emsp, 'DEMO-EVSE-1') === status, `EVSE status ${status}`);
  let transactionId = 0;

  const charge = (minutes: number, energyWh: number): Scene => ({
    what: `After ${minutes} minutes`,
    async play() {
      await chargePoint.meterValues({
        connector: 1,
        transactionId,
        meterWh: METER_START_WH + energyWh,
        at: minute(minutes),
      });
      await until(() => newestSession(emsp)?.['kwh'] === energyWh / 1000, `a session with ${energyWh} Wh`);
      const session = newestSession(emsp);
      return `the eMSP's session is at ${String(session?.['kwh'])} kWh, ${priceOf(session?.['total_cost'])} so far`;
    },
  });

  return [
    {
      what: 'The operator imports the site',
      async play() {
        const report = await operator('POST', '/api/import', demoSite(config, password));
        return (report['created'] as string[]).join(', ');
      },
    },
    {
      what: 'Partner registered',
      async play() {
        const invitation = await operator('POST', '/api/partners/invite', { name: 'Simulated eMSP' });
        await emsp.registerAt(String(invitation['versionsUrl']), String(invitation['tokenA']));
        return `the eMSP NL/EMS used its TOKEN_A at ${bridge.versionsUrl}, OCPI 2.2.1`;
      },
    },
    {
      what: 'Location published',
      async play() {
        const { body } = await received(({ method, path }) => method === 'PUT' && path.includes('/locations/'));
        const { name, evses } = body as { name: string; evses: readonly unknown[] };
        return `the eMSP has "${name}" with ${evses.length} EVSEs, and its tariff`;
      },
    },
    {
      what: 'Token pushed',
      async play() {
        emsp.setToken({ uid: CARD, whitelist: 'NEVER' });
        const { http } = await emsp.pushToken(CARD);
        return `the driver's card ${CARD.slice(0, 4)}… is known to the bridge (HTTP ${http}); it must be asked about each time`;
      },
    },
    {
      what: 'Charge point connected',
      async play() {
        await chargePoint.connect();
        assertAccepted('BootNotification', (await chargePoint.boot()).status);
        for (const connector of [1, 2]) await chargePoint.status(connector, 'Available');
        await evseStatus('AVAILABLE');
        return 'OCPP 1.6J, boot accepted; the eMSP sees AVAILABLE';
      },
    },
    {
      what: 'Driver taps the card',
      async play() {
        const answer = chargePoint.authorize(CARD);
        await received(({ path }) => path.includes('/authorize'));
        assertAccepted('Authorize', await answer);
        return 'the bridge asked the eMSP in real time, and it granted the charge';
      },
    },
    {
      what: 'Charging starts',
      async play() {
        await chargePoint.status(1, 'Preparing');
        const started = await chargePoint.startTransaction({
          connector: 1,
          idTag: CARD,
          meterWh: METER_START_WH,
          at: minute(0),
        });
        ({ transactionId } = started);
        assertAccepted('StartTransaction', started.status);
        await chargePoint.status(1, 'Charging');
        await evseStatus('CHARGING');
        return `transaction ${transactionId}; the eMSP sees CHARGING`;
      },
    },
    charge(15, 2_700),
    charge(30, 5_450),
    {
      what: 'Driver stops',
      async play() {
        await chargePoint.status(1, 'Finishing');
        await chargePoint.stopTransaction({
          transactionId,
          meterWh: METER_START_WH + 8_120,
          idTag: CARD,
          reason: 'Local',
          at: minute(45),
        });
        await until(() => newestSession(emsp)?.['status'] === 'COMPLETED', 'a COMPLETED session');
        return `the eMSP's session is COMPLETED at ${String(newestSession(emsp)?.['kwh'])} kWh`;
      },
    },
    {
      what: 'CDR received',
      async play() {
        await until(() => emsp.objects.cdrs.length > 0, 'a CDR');
        const cdr = emsp.objects.cdrs[0] ?? {};
        return `${String(cdr['total_energy'])} kWh in ${String(cdr['total_time'])} h cost ${priceOf(cdr['total_cost'])}`;
      },
    },
    {
      what: 'Cable unplugged',
      async play() {
        await chargePoint.status(1, 'Available');
        await evseStatus('AVAILABLE');
        return 'the eMSP sees AVAILABLE';
      },
    },
  ];
}

function assertAccepted(action: string, status: string): void {
  if (status !== 'Accepted') throw new Error(`${action} was answered ${status}`);
}

function statusAt(emsp: SimulatedEmsp, evseUid: string): unknown {
  const [location] = emsp.objects.locations.values();
  const evses = (location?.['evses'] ?? []) as readonly Json[];
  return evses.find(({ uid }) => uid === evseUid)?.['status'];
}

const newestSession = (emsp: SimulatedEmsp): Json | undefined => [...emsp.objects.sessions.values()].at(-1);

function priceOf(price: unknown): string {
  const { excl_vat: excl, incl_vat: incl } = price as { excl_vat: number; incl_vat?: number };
  return `EUR ${excl.toFixed(2)}${incl === undefined ? '' : ` (${incl.toFixed(2)} with VAT)`}`;
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + STEP_TIMEOUT_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`the eMSP did not get ${what} in time`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const operatorOf =
  (bridge: Bridge): Stage['operator'] =>
  async (method, path, body) => {
    const { data } = await axios.request<Json>({
      method,
      url: `http://127.0.0.1:${bridge.operatorPort}${path}`,
      data: body,
      headers: { Authorization: `Bearer ${bridge.operatorKey}` },
      proxy: false,
    });
    return data;
  };

/** The usual ports where they are free, so that what the README says works beside the demo; quiet unless asked. */
async function demoConfig(dataDir: string): Promise<Config> {
  const config = loadConfig({ ROAMBRIDGE_LOG_LEVEL: 'silent', ...process.env, ROAMBRIDGE_DATA_DIR: dataDir });
  const [ocppPort, ocpiPort, operatorPort] = await Promise.all(
    [config.ocppPort, config.ocpiPort, config.operatorPort].map(async (port) => ((await isFree(port)) ? port : 0)),
  );
  return {
    ...config,
    host: '127.0.0.1',
    allowPrivateNetworks: true,
    ...(ocppPort !== undefined && { ocppPort }),
    ...(ocpiPort !== undefined && { ocpiPort }),
    ...(operatorPort !== undefined && { operatorPort }),
  };
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

async function stayUp(bridge: Bridge, dataDir: string, say: Say): Promise<void> {
  say('');
  say('Look further; everything stays up until Ctrl-C:');
  for (const command of ['session list', 'cdr list --json', 'location list', 'partner list', 'deliveries list']) {
    say(`  ROAMBRIDGE_DATA_DIR=${dataDir} npx roambridge ${command}`);
  }
  say(`  charge points connect to  ws://127.0.0.1:${bridge.ocppPort}/ocpp/<chargePointId>`);
  say(`  partners begin at         ${bridge.versionsUrl}`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

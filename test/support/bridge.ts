import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { loadConfig, type Config } from '../../src/config.js';
import { createSimulatedChargePoint, type SimulatedChargePoint } from '../../src/demo/charge-point.js';
import { createSimulatedEmsp, type SimulatedEmsp, type SimulatedEmspOptions } from '../../src/demo/emsp.js';
import { createLogger, startBridge, type Bridge } from '../../src/main.js';

export type Json = Readonly<Record<string, unknown>>;

/** Calls the operator API; the answer's body, whatever its HTTP status. */
export type Operator = (method: string, path: string, body?: unknown) => Promise<{ status: number; data: unknown }>;

export const operatorOf =
  (port: number, key: string): Operator =>
  async (method, path, body) => {
    const { status, data } = await axios.request<unknown>({
      method,
      url: `http://127.0.0.1:${port}${path}`,
      ...(body !== undefined && { data: body }),
      headers: { Authorization: `Bearer ${key}` },
      proxy: false,
      validateStatus: () => true,
    });
    return { status, data };
  };

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'roambridge-test-'));

/** A configuration for tests: free ports on 127.0.0.1, no logs, quick sweeps and backoffs. */
export function testConfig(dataDir: string, overrides: Partial<Config> = {}): Config {
  const config = loadConfig({});
  return {
    ...config,
    dataDir,
    host: '127.0.0.1',
    ocppPort: 0,
    ocpiPort: 0,
    operatorPort: 0,
    logLevel: (process.env['TEST_LOG_LEVEL'] as Config['logLevel'] | undefined) ?? 'silent',
    allowPrivateNetworks: true,
    sweepInterval: 0.1,
    shutdownTimeout: 2,
    ...overrides,
    delivery: { ...config.delivery, backoffBase: 0.05, backoffMax: 0.2, circuitOpen: 0.1, ...overrides.delivery },
  };
}

export const CHARGE_POINT = 'CP-1';
export const PASSWORD = 'correct horse battery';

const last_updated = '2026-01-01T00:00:00Z';
const owner = { country_code: 'NL', party_id: 'RBR' };

/** One location with two EVSEs, one charge point for them, one tariff: 0.50 to start, 0.35 a kWh, 2.00 an hour parked. */
export const testSite = (overrides: Json = {}) => ({
  tariffs: [
    {
      ...owner,
      id: 'T1',
      currency: 'EUR',
      elements: [
        {
          price_components: [
            { type: 'FLAT', price: 0.5, vat: 20, step_size: 1 },
            { type: 'ENERGY', price: 0.35, vat: 20, step_size: 1 },
            { type: 'PARKING_TIME', price: 2, vat: 20, step_size: 1 },
          ],
        },
      ],
      last_updated,
    },
  ],
  locations: [
    {
      ...owner,
      id: 'LOC1',
      publish: true,
      name: 'Neude',
      address: 'Neude 11',
      city: 'Utrecht',
      postal_code: '3512AE',
      country: 'NLD',
      coordinates: { latitude: '52.093060', longitude: '5.118240' },
      time_zone: 'Europe/Amsterdam',
      evses: [1, 2].map((number) => ({
        uid: `E${number}`,
        evse_id: `NL*RBR*E00${number}`,
        status: 'UNKNOWN',
        capabilities: ['RFID_READER', 'REMOTE_START_STOP_CAPABLE'],
        connectors: [
          {
            id: '1',
            standard: 'IEC_62196_T2',
            format: 'SOCKET',
            power_type: 'AC_3_PHASE',
            max_voltage: 230,
            max_amperage: 32,
            tariff_ids: ['T1'],
            last_updated,
          },
        ],
        last_updated,
      })),
      last_updated,
    },
  ],
  charge_points: [{ id: CHARGE_POINT, password: PASSWORD, evses: { '1': 'E1', '2': 'E2' } }],
  ...overrides,
});

/** A bridge with the test site, an eMSP that is registered with it, and the charge point, not yet connected. */
export interface World {
  readonly bridge: Bridge;
  readonly operator: Operator;
  readonly emsp: SimulatedEmsp;
  readonly chargePoint: SimulatedChargePoint;
  readonly dataDir: string;
  close(): Promise<void>;
}

export async function startWorld(
  options: { config?: Partial<Config>; emsp?: SimulatedEmspOptions; site?: Json } = {},
): Promise<World> {
  const dataDir = newDataDir();
  const config = testConfig(dataDir, options.config);
  const bridge = await startBridge(config, createLogger(config));
  const operator = operatorOf(bridge.operatorPort, bridge.operatorKey);
  const emsp = await createSimulatedEmsp(options.emsp);
  const chargePoint = chargePointAt(bridge.ocppPort);
  await operator('POST', '/api/import', testSite(options.site));
  await registerEmsp(operator, emsp);
  return {
    bridge,
    operator,
    emsp,
    chargePoint,
    dataDir,
    async close() {
      await chargePoint.disconnect();
      await bridge.stop();
      await emsp.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export const chargePointAt = (ocppPort: number, id = CHARGE_POINT): SimulatedChargePoint =>
  createSimulatedChargePoint({ url: `ws://127.0.0.1:${ocppPort}/ocpp`, id, password: PASSWORD, connectors: 2 });

export async function registerEmsp(operator: Operator, emsp: Pick<SimulatedEmsp, 'registerAt'>): Promise<void> {
  const { data } = await operator('POST', '/api/partners/invite', { name: 'Simulated eMSP' });
  const { versionsUrl, tokenA } = data as { versionsUrl: string; tokenA: string };
  await emsp.registerAt(versionsUrl, tokenA);
}

/** Waits for something that another process or socket brings about; fails, saying what, when it takes too long. */
export async function until<T>(
  find: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

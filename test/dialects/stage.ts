import assert from 'node:assert/strict';
import type { ChargePoint } from '../../src/domain/charge-point.js';
import type { Session } from '../../src/domain/session.js';
import { createSimulatedChargePoint, type SimulatedChargePoint } from '../../src/demo/charge-point.js';
import { PASSWORD, startWorld, testSite, until, type Json, type World } from '../support/bridge.js';

export const CARD = '04A2B3C4D5E6F7';
/** A second driver's. */
export const OTHER_CARD = '04FFFFFFFFFFFF';

const MINUTE_MS = 60_000;

/** So many minutes ago, as charge points write it. */
export const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE_MS).toISOString();

/** A bridge with one eMSP and many charge points, so that each story has one of its own. */
export interface Theatre {
  readonly world: World;
  /** The next charge point that no story has had, connected. */
  stage(options?: { boot?: boolean; connect?: boolean }): Promise<Stage>;
  close(): Promise<void>;
}

/** One charge point of two connectors, and what the bridge and the eMSP make of what it says. */
export interface Stage {
  readonly world: World;
  readonly id: string;
  readonly cp: SimulatedChargePoint;
  /** Another connection of the same charge point. */
  again(): SimulatedChargePoint;
  start(of?: Json): Promise<number>;
  stop(transactionId: number | undefined, meterStop: number, of?: Json): Promise<void>;
  /** MeterValues of the import register in Wh unless `of` says otherwise. */
  sample(transactionId: number | undefined, value: number | string, minutesAgo: number, of?: Json): Promise<void>;
  /** MeterValues with these sampledValues. */
  sampled(transactionId: number | undefined, minutesAgo: number, values: readonly Json[]): Promise<void>;
  /** Its sessions, oldest first. */
  sessions(): Promise<readonly Session[]>;
  chargePoint(): Promise<ChargePoint>;
  /** Waits until this many sessions of it are over and have their one CDR each at the eMSP; returns the last. */
  billed(energyWh: number, anomalies: readonly string[], count?: number): Promise<Session>;
  /** The CDRs of a session at the eMSP. */
  cdrs(session: Session): readonly Json[];
  /** By which rules it was read. */
  deviated(...rules: readonly string[]): Promise<void>;
}

const idOf = (number: number): string => `CP-${String(number).padStart(3, '0')}`;

function siteOf(chargePoints: number): Json {
  const [location] = testSite().locations;
  assert.ok(location);
  const [evse] = location.evses;
  const numbers = Array.from({ length: chargePoints }, (_, index) => index + 1);
  const evses = numbers.flatMap((number) =>
    [1, 2].map((connector) => ({
      ...evse,
      uid: `${idOf(number)}-${connector}`,
      evse_id: `NL*RBR*E${number}*${connector}`,
    })),
  );
  return {
    locations: [{ ...location, evses }],
    charge_points: numbers.map((number) => ({
      id: idOf(number),
      password: PASSWORD,
      evses: { '1': `${idOf(number)}-1`, '2': `${idOf(number)}-2` },
    })),
  };
}

export async function openTheatre(
  chargePoints: number,
  config: NonNullable<Parameters<typeof startWorld>[0]>['config'] = {},
): Promise<Theatre> {
  const world = await startWorld({ config, site: siteOf(chargePoints) });
  for (const uid of [CARD, OTHER_CARD]) {
    world.emsp.setToken({ uid, whitelist: 'ALWAYS' });
    await world.emsp.pushToken(uid);
  }
  const open: SimulatedChargePoint[] = [];
  let used = 0;

  const chargePointOf = (id: string): SimulatedChargePoint => {
    const cp = createSimulatedChargePoint({
      url: `ws://127.0.0.1:${world.bridge.ocppPort}/ocpp`,
      id,
      password: PASSWORD,
      connectors: 2,
    });
    open.push(cp);
    return cp;
  };

  return {
    world,
    async stage({ boot = true, connect = true } = {}) {
      used += 1;
      assert.ok(used <= chargePoints, 'more stories than charge points');
      const id = idOf(used);
      const cp = chargePointOf(id);
      if (connect) await cp.connect();
      if (connect && boot) await cp.boot();
      return createStage(world, id, cp, () => chargePointOf(id));
    },
    async close() {
      await Promise.all(open.map((cp) => cp.disconnect()));
      await world.close();
    },
  };
}

function createStage(world: World, id: string, cp: SimulatedChargePoint, again: () => SimulatedChargePoint): Stage {
  const { operator, emsp } = world;

  async function sessions(): Promise<readonly Session[]> {
    const { data } = await operator('GET', '/api/sessions?limit=10000');
    return (data as readonly Session[]).filter(({ chargePointId }) => chargePointId === id);
  }

  const chargePoint = async (): Promise<ChargePoint> =>
    (await operator('GET', `/api/charge-points/${id}`)).data as ChargePoint;

  const cdrs = (session: Session): readonly Json[] =>
    emsp.objects.cdrs.filter((cdr) => cdr['session_id'] === session.id || cdr['id'] === session.id);

  const named = (transactionId: number | undefined): Json => (transactionId === undefined ? {} : { transactionId });

  async function sampled(transactionId: number | undefined, minutesAgo: number, values: readonly Json[]) {
    await cp.call('MeterValues', {
      connectorId: 1,
      ...named(transactionId),
      meterValue: [{ timestamp: ago(minutesAgo), sampledValue: values }],
    });
  }

  return {
    world,
    id,
    cp,
    again,
    sessions,
    chargePoint,
    cdrs,
    sampled,
    sample: (transactionId, value, minutesAgo, of = {}) =>
      sampled(transactionId, minutesAgo, [
        { value: String(value), measurand: 'Energy.Active.Import.Register', unit: 'Wh', ...of },
      ]),

    async start(of = {}) {
      const answer = await cp.call('StartTransaction', {
        connectorId: 1,
        idTag: CARD,
        meterStart: 1_000,
        timestamp: ago(60),
        ...of,
      });
      assert.deepEqual(answer['idTagInfo'], { status: 'Accepted' });
      return Number(answer['transactionId']);
    },

    async stop(transactionId, meterStop, of = {}) {
      await cp.call('StopTransaction', { ...named(transactionId), meterStop, timestamp: ago(0), ...of });
    },

    async billed(energyWh, anomalies, count = 1) {
      const all = await until(async () => {
        const found = await sessions();
        const done = found.filter((session) => session.endedAt !== undefined && cdrs(session).length > 0);
        return done.length >= count && found;
      }, `${count} CDRs of ${id}`);
      assert.equal(all.length, count, 'sessions');
      const last = all.at(-1);
      assert.ok(last);
      assert.equal(last.status, 'COMPLETED');
      assert.equal(last.energyWh, energyWh);
      assert.deepEqual([...last.anomalies].sort(), [...anomalies].sort());
      assert.deepEqual(
        cdrs(last).map((cdr) => cdr['total_energy']),
        [energyWh / 1000],
      );
      return last;
    },

    async deviated(...rules) {
      await until(
        async () => {
          const { deviations = {} } = await chargePoint();
          return rules.every((rule) => Object.hasOwn(deviations, rule));
        },
        `${id} to be noted for ${rules.join(', ')}`,
      );
    },
  };
}

/** Milliseconds between what an instant is and what it should be, without sign. */
export const off = (at: string | undefined, expected: string): number =>
  Math.abs(Date.parse(at ?? '') - Date.parse(expected));

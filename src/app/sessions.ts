import type { ChargePoint } from '../domain/charge-point.js';
import { keyOf, newId } from '../domain/ids.js';
import { addMs, type Instant } from '../domain/instant.js';
import type { MeterSample } from '../domain/meter.js';
import type { Party } from '../domain/schema.js';
import { endSession } from '../domain/session-end.js';
import {
  isRunning,
  noted,
  plausibleTime,
  startSession,
  type Anomaly,
  type Session,
  type Steps,
} from '../domain/session.js';
import type { Clock, Logger, Store } from '../ports.js';
import type { Documents } from './documents.js';
import type { Outbox } from './outbox.js';
import type { Permit, Permits } from './permits.js';
import type { Places } from './places.js';

/** A transaction that begins. `permit` undefined: nobody has identified yet. */
export interface Opening {
  readonly chargePoint: ChargePoint;
  readonly connector: string;
  readonly part?: string | undefined;
  readonly transactionId: string;
  readonly startKey: string;
  readonly idTag: string | undefined;
  readonly permit: Permit | undefined;
  /** As the charge point says. */
  readonly at: Instant | undefined;
  readonly meterStartWh: number | undefined;
  readonly mended?: readonly Anomaly[] | undefined;
  readonly steps?: Steps | undefined;
}

/** Sessions by what charge points call them, and what begins and ends them. */
export interface Sessions {
  /** The charge point that reports. @throws Error when it was removed while it was connected */
  chargePoint(id: string): Promise<ChargePoint>;
  /** Changes a session by what was reported of it, and logs the raw samples, in one commit. */
  record(
    sessionId: string,
    samples: readonly MeterSample[],
    decide: (current: Session) => Session,
  ): Promise<Session | undefined>;
  running(chargePoint: ChargePoint): Promise<readonly Session[]>;
  byTransaction(chargePoint: ChargePoint, transactionId: string): Promise<Session | undefined>;
  /** Saves a new session. A session that still runs on the connector has lost its stop. */
  open(opening: Opening): Promise<Session>;
  /** Ends a session whose stop never came, at its last meter value (design.md, Transactions). */
  repair(sessionId: string, reason: string): Promise<void>;
  /** Where a connector is and what a charge there costs, as a session keeps it. */
  where(chargePoint: ChargePoint, connector: string, part: string | undefined, at: Instant): Promise<Where>;
}

/** A register below it may as well be one that starts anew with each session. */
const LEAST_KNOWN_REGISTER_WH = 100_000;

type Where = Pick<Session, 'connector' | 'place' | 'tariff' | 'currency'>;

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly permits: Permits;
  readonly places: Places;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly party: Party;
  /** Of sessions without a tariff. */
  readonly currency: string;
  readonly lateStopWaitMs: number;
}

export function createSessions(deps: Deps): Sessions {
  const { store, documents, permits, places, outbox, clock, logger } = deps;

  async function running(chargePoint: ChargePoint): Promise<readonly Session[]> {
    return (await store.find('session', { where: { running: chargePoint.id } })).map(({ body }) => body);
  }

  async function where(
    chargePoint: ChargePoint,
    connector: string,
    part: string | undefined,
    at: Instant,
  ): Promise<Where> {
    const place = await places.at(chargePoint, connector, part);
    const tariff = place && (await places.tariffOf(place, at));
    return { connector, place, tariff, currency: tariff?.currency ?? deps.currency };
  }

  async function repair(sessionId: string, reason: string): Promise<void> {
    const now = clock.now();
    const changed = await documents.change('session', sessionId, (current) =>
      current && isRunning(current)
        ? endSession(
            current,
            { at: current.sampledAt, reason: undefined, repaired: true, cdrDueAt: addMs(now, deps.lateStopWaitMs) },
            now,
          )
        : current,
    );
    if (!changed) return;
    const { chargePointId: chargePoint } = changed.body;
    logger.warn({ session: sessionId, chargePoint, reason }, 'ended a session without a stop');
    outbox.session(changed.body);
  }

  async function endOlderOn(chargePoint: ChargePoint, connector: string): Promise<void> {
    for (const session of await running(chargePoint)) {
      if (session.connector === connector) await repair(session.id, 'a later transaction on the connector');
    }
  }

  /** Seldom: a register that a later one of 0 can be told from need only be right in its size. */
  async function noteRegister({ id, registersWh }: ChargePoint, { connector, meterStartWh = 0 }: Session) {
    if (meterStartWh < Math.max(LEAST_KNOWN_REGISTER_WH, 2 * (registersWh?.[connector] ?? 0))) return;
    await documents.change(
      'chargePoint',
      keyOf(id),
      (current) => current && { ...current, registersWh: { ...current.registersWh, [connector]: meterStartWh } },
    );
  }

  return {
    async chargePoint(id) {
      const found = await store.get('chargePoint', keyOf(id));
      if (!found) throw new Error(`charge point ${id} is gone`);
      return found.body;
    },

    async record(sessionId, samples, decide) {
      const [changed] = await Promise.all([
        documents.change('session', sessionId, (current) => current && decide(current)),
        store.appendMeterSamples(sessionId, samples),
      ]);
      return changed?.body;
    },

    running,
    where,
    repair,

    async byTransaction(chargePoint, transactionId) {
      const transaction = `${chargePoint.id}|${transactionId}`;
      const [found] = await store.find('session', { where: { transaction }, limit: 1 });
      return found?.body;
    },

    async open({ chargePoint, connector, part, permit, at: reported, mended = [], ...opening }) {
      const now = clock.now();
      const { at, plausible } = plausibleTime(reported, now);
      const grant = permit && 'grant' in permit ? permit.grant : undefined;
      const refusal = permit && !grant ? 'refused' : 'awaited';
      await endOlderOn(chargePoint, connector);
      const started = startSession({
        id: newId(),
        party: deps.party,
        partnerId: grant?.partnerId,
        chargePointId: chargePoint.id,
        token: grant?.token,
        groupId: grant?.groupId,
        authMethod: grant?.authMethod ?? 'WHITELIST',
        authorizationReference: grant?.authorizationReference,
        startedAt: at,
        ...(await where(chargePoint, connector, part, at)),
        ...opening,
        authorization: grant ? 'granted' : refusal,
        knownRegisterWh: chargePoint.registersWh?.[connector],
        clockPlausible: plausible,
        now,
      });
      const session = mended.reduce(noted, started);
      await noteRegister(chargePoint, session);
      await store.save('session', { id: session.id, revision: 0, body: session });
      if (permit) await permits.used(chargePoint.id, permit);
      outbox.session(session);
      const { id, transactionId: transaction, partnerId: partner, status } = session;
      logger.info(
        { chargePoint: chargePoint.id, connector, session: id, transaction, partner, status },
        'transaction started',
      );
      return session;
    },
  };
}

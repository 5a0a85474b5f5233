import type { ChargePoint } from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { exportRegisterWh, importRegisterWh, type MeterSample } from '../domain/meter.js';
import {
  endSession,
  isRunning,
  noted,
  plausibleTime,
  reviseEnd,
  startKeyOf,
  wasRepaired,
  withExportReading,
  withReading,
  type Session,
} from '../domain/session.js';
import type { Clock, Logger, Store } from '../ports.js';
import type { AuthorizationReply, ChargePointEvents, MeterSampled, TransactionStarted } from './charge-point-events.js';
import type { Documents } from './documents.js';
import type { Outbox } from './outbox.js';
import type { Billing } from './billing.js';
import type { Permit, Permits } from './permits.js';
import type { Sessions } from './sessions.js';
import type { Numbers } from './numbers.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly permits: Permits;
  readonly sessions: Sessions;
  readonly billing: Billing;
  readonly transactionIds: Numbers;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type Transactions = Pick<
  ChargePointEvents,
  'authorizeAsked' | 'transactionStarted' | 'meterSampled' | 'transactionEnded'
>;

const ACCEPTED: AuthorizationReply = { status: 'Accepted' };

/** What the charge point is told of a permission. */
export const replyOf = (permit: Permit): AuthorizationReply =>
  'refused' in permit ? permit.refused : { status: 'Accepted', groupIdTag: permit.grant.groupId };

/** Drivers and transactions, from the tap to the stop. */
export function createTransactions(deps: Deps): Transactions {
  const { store, documents, permits, sessions, billing, transactionIds, outbox, clock, logger } = deps;

  async function chargePointOf(id: string): Promise<ChargePoint> {
    const found = await store.get('chargePoint', keyOf(id));
    if (!found) throw new Error(`charge point ${id} is gone`);
    return found.body;
  }

  /** The same StartTransaction sent again; with a dead clock, only while the first is still running. */
  async function startedBefore(startKey: string): Promise<Session | undefined> {
    const last = (await store.find('session', { where: { startKey } })).at(-1)?.body;
    if (!last) return undefined;
    return isRunning(last) || !last.anomalies.includes('clock-implausible') ? last : undefined;
  }

  async function start(chargePoint: ChargePoint, event: TransactionStarted, startKey: string) {
    const { at } = plausibleTime(event.at, clock.now());
    const permit = await permits.find(chargePoint, { ...event, at });
    const transactionId = await transactionIds.next();
    const { connector, idTag, meterStartWh } = event;
    await sessions.open({
      chargePoint,
      connector,
      idTag,
      transactionId,
      startKey,
      permit,
      at: event.at,
      meterStartWh,
    });
    return { transactionId, authorization: replyOf(permit) };
  }

  async function sessionOf(chargePoint: ChargePoint, event: MeterSampled): Promise<Session | undefined> {
    const named =
      event.transactionId === undefined ? undefined : await sessions.byTransaction(chargePoint, event.transactionId);
    if (named) return named;
    return (await sessions.running(chargePoint)).find(({ connector }) => connector === event.connector);
  }

  async function takeSamples(session: Session, samples: readonly MeterSample[]): Promise<void> {
    const now = clock.now();
    const [changed] = await Promise.all([
      documents.change('session', session.id, (current) => current && withSamples(current, samples, now)),
      store.appendMeterSamples(session.id, samples),
    ]);
    if (changed) outbox.session(changed.body);
  }

  /** Charge points that forgot the id, or never got one, still mean their one running transaction. */
  async function sessionToEnd(
    chargePoint: ChargePoint,
    transactionId: string,
    idTag: string | undefined,
  ): Promise<Session | undefined> {
    const named = await sessions.byTransaction(chargePoint, transactionId);
    if (named) return named;
    const running = await sessions.running(chargePoint);
    const candidates = running.filter((session) => idTag === undefined || keyOf(session.idTag ?? '') === keyOf(idTag));
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  return {
    async authorizeAsked(id, idTag) {
      const permit = await permits.ask(await chargePointOf(id), idTag);
      if ('grant' in permit) await permits.keep(id, permit.grant);
      return replyOf(permit);
    },

    async transactionStarted(id, event) {
      const chargePoint = await chargePointOf(id);
      const startKey = startKeyOf({
        chargePointId: chargePoint.id,
        connector: event.connector,
        idTag: event.idTag,
        at: event.at ?? '',
        meterStart: event.meterStartWh,
      });
      const before = await startedBefore(startKey);
      if (!before) return start(chargePoint, event, startKey);
      logger.info({ chargePoint: id, session: before.id }, 'the same transaction started again');
      const authorization: AuthorizationReply = before.status === 'INVALID' ? { status: 'NOT_ALLOWED' } : ACCEPTED;
      return { transactionId: before.transactionId, authorization };
    },

    async meterSampled(id, event) {
      const chargePoint = await chargePointOf(id);
      const session = await sessionOf(chargePoint, event);
      if (session) await takeSamples(session, event.samples);
      else logger.debug({ chargePoint: id, connector: event.connector }, 'meter values outside a transaction');
    },

    async transactionEnded(id, event) {
      const chargePoint = await chargePointOf(id);
      const session = await sessionToEnd(chargePoint, event.transactionId, event.idTag);
      if (!session) {
        logger.error({ chargePoint: id, transaction: event.transactionId }, 'stop of a transaction that is not known');
        return;
      }
      const now = clock.now();
      const end = {
        at: event.at,
        registerWh: event.meterStopWh,
        reason: event.reason,
        repaired: false,
        cdrDueAt: now,
      };
      const [changed] = await Promise.all([
        documents.change('session', session.id, (current) => {
          if (!current) return undefined;
          if (isRunning(current)) return endSession(withSamples(current, event.samples, now), end, now);
          return wasRepaired(current) ? reviseEnd(current, end, now) : current;
        }),
        event.samples.length > 0 ? store.appendMeterSamples(session.id, event.samples) : undefined,
      ]);
      if (!changed) return;
      const { energyWh, anomalies } = changed.body;
      logger.info(
        { chargePoint: id, session: session.id, energyWh, reason: event.reason, anomalies },
        'transaction ended',
      );
      outbox.session(changed.body);
      billing.due(session.id);
    },
  };
}

/** Takes in the registers of samples, oldest first as they came. */
export function withSamples(session: Session, samples: readonly MeterSample[], now: Instant): Session {
  if (!isRunning(session)) return noted(session, 'meter-value-after-end');
  return samples.reduce((current, sample) => {
    const { at } = plausibleTime(sample.at, now);
    const imported = importRegisterWh(sample);
    const exported = exportRegisterWh(sample);
    const read = imported === undefined ? current : withReading(current, imported, at, now);
    return exported === undefined ? read : withExportReading(read, exported, at, now);
  }, session);
}

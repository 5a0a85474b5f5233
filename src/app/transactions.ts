import type { ChargePoint, EarlyStop } from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { exportRegisterWh, importRegisterWh, type MeterSample } from '../domain/meter.js';
import { endSession, reviseEnd, wasRepaired } from '../domain/session-end.js';
import {
  isRunning,
  noted,
  plausibleTime,
  startKeyOf,
  withExportReading,
  withReading,
  type Session,
} from '../domain/session.js';
import { earlyStopOf, sessionStopped, withEarlyStop } from '../domain/stops.js';
import type { Clock, Logger, Store } from '../ports.js';
import type {
  AuthorizationReply,
  ChargePointEvents,
  MeterSampled,
  TransactionEnded,
  TransactionStarted,
} from './charge-point-events.js';
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
  readonly deviated: ChargePointEvents['deviated'];
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
  const { store, documents, permits, sessions, billing, transactionIds, outbox, clock, logger, deviated } = deps;

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
    const { connector, idTag, meterStartWh, mended } = event;
    const session = await sessions.open({
      chargePoint,
      connector,
      idTag,
      transactionId,
      startKey,
      permit,
      at: event.at,
      meterStartWh,
      mended,
    });
    await endIfStopped(chargePoint, session);
    return { transactionId, authorization: replyOf(permit) };
  }

  async function sessionOf(chargePoint: ChargePoint, event: MeterSampled): Promise<Session | undefined> {
    const named =
      event.transactionId === undefined ? undefined : await sessions.byTransaction(chargePoint, event.transactionId);
    if (named) return named;
    const here = (await sessions.running(chargePoint)).find(({ connector }) => connector === event.connector);
    // once it names the transaction, what it gives without a name is another register: ABB's of a lifetime beside the
    // session's (lbbrhzn/ocpp#919), or the meter of the whole charge point
    return here?.named ? undefined : here;
  }

  async function takeSamples(session: Session, { samples, transactionId, mended = [] }: MeterSampled): Promise<void> {
    const now = clock.now();
    const named = session.transactionId === transactionId;
    const changed = await sessions.record(session.id, samples, (current) => {
      const known = named && !current.named ? { ...current, named } : current;
      return withSamples(mended.reduce(noted, known), samples, now);
    });
    if (changed) outbox.session(changed);
  }

  /** The register where the transaction ended, for which a sample may have to serve. */
  const lastRegister = ({ meterStopWh, samples }: Pick<TransactionEnded, 'meterStopWh' | 'samples'>) =>
    meterStopWh ??
    samples
      .map(importRegisterWh)
      .filter((wh) => wh !== undefined)
      .at(-1);

  async function end(session: Session, event: Omit<TransactionEnded, 'transactionId' | 'idTag'>): Promise<void> {
    const now = clock.now();
    const { at, reason, samples, mended = [] } = event;
    const sessionEnd = { at, registerWh: lastRegister(event), reason, repaired: false, cdrDueAt: now };
    const changed = await sessions.record(session.id, samples, (current) => {
      if (!isRunning(current) && !wasRepaired(current)) return current;
      const known = mended.reduce(noted, current);
      return isRunning(known)
        ? endSession(withSamples(known, samples, now), sessionEnd, now)
        : reviseEnd(known, sessionEnd, now);
    });
    if (!changed) return;
    const { chargePointId: chargePoint, energyWh, anomalies } = changed;
    logger.info({ chargePoint, session: session.id, energyWh, reason, anomalies }, 'transaction ended');
    outbox.session(changed);
    billing.due(session.id);
  }

  const changeEarlyStops = (id: string, decide: (stops: readonly EarlyStop[]) => readonly EarlyStop[]) =>
    documents.change(
      'chargePoint',
      keyOf(id),
      (current) => current && { ...current, earlyStops: decide(current.earlyStops ?? []) },
    );

  /** A stop has to be taken whatever it is of (OCPP 1.6 §4.10); its start may come after it. */
  async function keepStop(id: string, { transactionId, idTag, at, meterStopWh, reason }: TransactionEnded) {
    logger.error({ chargePoint: id, transaction: transactionId }, 'stop of a transaction that is not known');
    deviated(id, ['unknown-stop']);
    if (at === undefined || meterStopWh === undefined) return;
    const stop = { idTag, at, meterStopWh, reason, arrivedAt: clock.now() };
    await changeEarlyStops(id, (stops) => withEarlyStop(stops, stop));
  }

  /** Out of order: the stop of a transaction has come before its start. */
  async function endIfStopped({ id, earlyStops = [] }: ChargePoint, session: Session): Promise<void> {
    const stop = earlyStopOf(earlyStops, session, clock.now());
    if (!stop) return;
    await end(session, { ...stop, reason: stop.reason, samples: [], mended: ['stop-before-start'] });
    await changeEarlyStops(id, (stops) => stops.filter((each) => each.at !== stop.at || each.idTag !== stop.idTag));
  }

  return {
    async authorizeAsked(id, idTag) {
      const permit = await permits.ask(await sessions.chargePoint(id), idTag);
      if ('grant' in permit) await permits.keep(id, permit.grant);
      return replyOf(permit);
    },

    async transactionStarted(id, event) {
      const chargePoint = await sessions.chargePoint(id);
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
      const chargePoint = await sessions.chargePoint(id);
      const session = await sessionOf(chargePoint, event);
      if (session) await takeSamples(session, event);
      else logger.debug({ chargePoint: id, connector: event.connector }, 'meter values outside a transaction');
    },

    async transactionEnded(id, event) {
      const chargePoint = await sessions.chargePoint(id);
      const named = await sessions.byTransaction(chargePoint, event.transactionId);
      if (named) return end(named, event);
      const meant = sessionStopped(await sessions.running(chargePoint), event, clock.now());
      if (!meant) return keepStop(id, event);
      await end(meant, { ...event, mended: [...(event.mended ?? []), 'stop-without-id'] });
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

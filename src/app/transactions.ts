import { grantFor, withGrant, type ChargePoint, type Grant } from '../domain/charge-point.js';
import { keyOf, newId } from '../domain/ids.js';
import { addMs, type Instant } from '../domain/instant.js';
import { importRegisterWh, type MeterSample } from '../domain/meter.js';
import type { Party } from '../domain/schema.js';
import {
  endSession,
  isRunning,
  noted,
  plausibleTime,
  reviseEnd,
  startKeyOf,
  startSession,
  wasRepaired,
  withReading,
  type Session,
} from '../domain/session.js';
import { cdrTokenOf } from '../domain/token.js';
import type { Clock, Logger, Store } from '../ports.js';
import type { Authorize } from './authorize.js';
import type { AuthorizationReply, ChargePointEvents, MeterSampled, TransactionStarted } from './charge-point-events.js';
import type { Documents } from './documents.js';
import type { Outbox } from './outbox.js';
import type { Billing } from './billing.js';
import type { Places } from './places.js';
import type { TransactionIds } from './transaction-ids.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly authorize: Authorize;
  readonly places: Places;
  readonly billing: Billing;
  readonly transactionIds: TransactionIds;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly party: Party;
  /** Of sessions without a tariff. */
  readonly currency: string;
  readonly lateStopWaitMs: number;
}

export interface Transactions extends Pick<
  ChargePointEvents,
  'authorizeAsked' | 'transactionStarted' | 'meterSampled' | 'transactionEnded'
> {
  /** Ends a session whose stop never came, at its last meter value (design.md, Transactions). */
  repair(sessionId: string, reason: string): Promise<void>;
}

const ACCEPTED: AuthorizationReply = { status: 'Accepted' };

/** Drivers and transactions, from the tap to the stop. */
export function createTransactions(deps: Deps): Transactions {
  const { store, documents, authorize, places, billing, transactionIds, outbox, clock, logger } = deps;

  async function chargePointOf(id: string): Promise<ChargePoint> {
    const found = await store.get('chargePoint', keyOf(id));
    if (!found) throw new Error(`charge point ${id} is gone`);
    return found.body;
  }

  const changeGrants = (id: string, decide: (grants: readonly Grant[]) => readonly Grant[]) =>
    documents.change('chargePoint', keyOf(id), (current) => current && { ...current, grants: decide(current.grants) });

  /** Asks for a permission. The driver's transaction, which comes next, will find it again by its grant. */
  async function permit(chargePoint: ChargePoint, idTag: string): Promise<Grant | { refused: AuthorizationReply }> {
    const answer = await authorize(chargePoint, idTag);
    if (!answer.allowed) return { refused: { status: answer.reason } };
    const { partnerId, token, authMethod, authorizationReference } = answer;
    return { idTag, partnerId, token: cdrTokenOf(token), authMethod, authorizationReference, at: clock.now() };
  }

  async function runningOn(chargePoint: ChargePoint): Promise<readonly Session[]> {
    return (await store.find('session', { where: { running: chargePoint.id } })).map(({ body }) => body);
  }

  async function byTransaction(chargePoint: ChargePoint, transactionId: string): Promise<Session | undefined> {
    const [found] = await store.find('session', { where: { transaction: `${chargePoint.id}|${transactionId}` } });
    return found?.body;
  }

  /** The same StartTransaction sent again; with a dead clock, only while the first is still running. */
  async function startedBefore(startKey: string): Promise<Session | undefined> {
    const last = (await store.find('session', { where: { startKey } })).at(-1)?.body;
    if (!last) return undefined;
    return isRunning(last) || !last.anomalies.includes('clock-implausible') ? last : undefined;
  }

  async function endOlderOn(chargePoint: ChargePoint, connector: string): Promise<void> {
    for (const session of await runningOn(chargePoint)) {
      if (session.connector === connector) await repair(session.id, 'a later transaction on the connector');
    }
  }

  async function saveStart(chargePoint: ChargePoint, event: TransactionStarted, startKey: string) {
    const now = clock.now();
    const { at } = plausibleTime(event.at, now);
    const granted = grantFor(chargePoint.grants, event.idTag, event.connector, at);
    const permission = granted ?? (await permit(chargePoint, event.idTag));
    const grant = 'refused' in permission ? undefined : permission;
    const place = await places.at(chargePoint, event.connector);
    const tariff = place && (await places.tariffOf(place, at));
    const transactionId = await transactionIds.next();
    await endOlderOn(chargePoint, event.connector);
    const session = startSession({
      id: newId(),
      party: deps.party,
      partnerId: grant?.partnerId,
      chargePointId: chargePoint.id,
      connector: event.connector,
      transactionId,
      startKey,
      idTag: event.idTag,
      token: grant?.token,
      authMethod: grant?.authMethod ?? 'WHITELIST',
      authorizationReference: grant?.authorizationReference,
      place,
      startedAt: at,
      clockPlausible: plausibleTime(event.at, now).plausible,
      meterStartWh: event.meterStartWh,
      currency: tariff?.currency ?? deps.currency,
      tariff,
      authorized: grant !== undefined,
      now,
    });
    await store.save('session', { id: session.id, revision: 0, body: session });
    if (granted) await changeGrants(chargePoint.id, (grants) => grants.filter((each) => !sameGrant(each, granted)));
    outbox.session(session);
    logger.info(
      {
        chargePoint: chargePoint.id,
        connector: event.connector,
        session: session.id,
        transaction: transactionId,
        partner: session.partnerId,
      },
      'transaction started',
    );
    return { transactionId, authorization: 'refused' in permission ? permission.refused : ACCEPTED };
  }

  async function sessionOf(chargePoint: ChargePoint, event: MeterSampled): Promise<Session | undefined> {
    const named = event.transactionId === undefined ? undefined : await byTransaction(chargePoint, event.transactionId);
    if (named) return named;
    return (await runningOn(chargePoint)).find(({ connector }) => connector === event.connector);
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
    const named = await byTransaction(chargePoint, transactionId);
    if (named) return named;
    const running = await runningOn(chargePoint);
    const candidates = running.filter((session) => idTag === undefined || keyOf(session.idTag) === keyOf(idTag));
    return candidates.length === 1 ? candidates[0] : undefined;
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
    logger.warn(
      { session: sessionId, chargePoint: changed.body.chargePointId, reason },
      'ended a session without a stop',
    );
    outbox.session(changed.body);
  }

  return {
    repair,

    async authorizeAsked(id, idTag) {
      const permission = await permit(await chargePointOf(id), idTag);
      if ('refused' in permission) return permission.refused;
      await changeGrants(id, (grants) => withGrant(grants, permission));
      return ACCEPTED;
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
      if (!before) return saveStart(chargePoint, event, startKey);
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

function withSamples(session: Session, samples: readonly MeterSample[], now: Instant): Session {
  if (!isRunning(session)) return noted(session, 'meter-value-after-end');
  return samples.reduce((current, sample) => {
    const registerWh = importRegisterWh(sample);
    return registerWh === undefined ? current : withReading(current, registerWh, plausibleTime(sample.at, now).at, now);
  }, session);
}

const sameGrant = (a: Grant, b: Grant): boolean => a.idTag === b.idTag && a.at === b.at && a.connector === b.connector;

import { WHOLE_CHARGE_POINT, type ChargePoint, type Grant } from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import { addMs, type Instant } from '../domain/instant.js';
import { importRegisterWh } from '../domain/meter.js';
import { endSession, reviseEnd, wasRepaired } from '../domain/session-end.js';
import {
  identified,
  isRunning,
  located,
  noted,
  plausibleTime,
  refused,
  startedEarlier,
  unsuspected,
  withPowerState,
  withStep,
  type Driver,
  type Session,
} from '../domain/session.js';
import type { ChargePointLink, Clock, Logger } from '../ports.js';
import type { Billing } from './billing.js';
import type { AuthorizationReply, ChargePointEvents, TransactionStep } from './charge-point-events.js';
import type { ChargePoints } from './charge-points.js';
import type { Outbox } from './outbox.js';
import type { Permit, Permits } from './permits.js';
import type { Sessions } from './sessions.js';
import { replyOf, withSamples } from './transactions.js';

interface Deps {
  readonly permits: Permits;
  readonly sessions: Sessions;
  readonly billing: Billing;
  readonly chargePoints: Pick<ChargePoints, 'refreshStatus'>;
  readonly chargePointLink: Pick<ChargePointLink, 'send'>;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lateStopWaitMs: number;
}

/** Transactions whose ids and numbered steps are the charge point's own (OCPP 2.0.1 §E). */
export function createTransactionSteps(deps: Deps): Pick<ChargePointEvents, 'transactionStep'> {
  const { permits, sessions, billing, chargePoints, chargePointLink, outbox, clock, logger } = deps;

  const find = (chargePoint: ChargePoint, idTag: string, step: TransactionStep): Promise<Permit> =>
    permits.find(chargePoint, {
      idTag,
      connector: step.connector ?? WHOLE_CHARGE_POINT,
      at: plausibleTime(step.at, clock.now()).at,
      remoteStartId: step.remoteStartId,
      reservationId: step.reservationId,
    });

  /** The first step that we see, whichever it is, opens the session. */
  async function open(chargePoint: ChargePoint, step: TransactionStep): Promise<Opened> {
    const permit = step.idTag === undefined ? undefined : await find(chargePoint, step.idTag, step);
    const session = await sessions.open({
      chargePoint,
      connector: step.connector ?? WHOLE_CHARGE_POINT,
      part: step.part,
      transactionId: step.transactionId,
      startKey: `${chargePoint.id}|${step.transactionId}`,
      idTag: step.idTag,
      permit,
      at: step.at,
      meterStartWh: firstRegister(step),
      steps: withStep(undefined, step.seqNo),
    });
    return { session, authorization: permit && replyOf(permit) };
  }

  /** What is said of the step's idTag, and whether it makes its holder the session's driver. */
  async function judge(chargePoint: ChargePoint, session: Session, step: TransactionStep): Promise<Judgement> {
    const { idTag } = step;
    if (idTag === undefined) return {};
    if (session.status === 'PENDING' || session.status === 'INVALID') {
      if (session.status === 'INVALID' && session.idTag !== undefined && keyOf(session.idTag) === keyOf(idTag)) {
        return { authorization: { status: 'NOT_ALLOWED' } };
      }
      const permit = await find(chargePoint, idTag, step);
      return { authorization: replyOf(permit), permit, idTag };
    }
    if (mayStop(session, idTag, step.groupIdTag)) {
      return { authorization: { status: 'Accepted', groupIdTag: session.groupId } };
    }
    // another card at a charge that is under way: its holder may learn whether it is good, no more
    return { authorization: replyOf(await permits.ask(chargePoint, idTag)) };
  }

  async function take(chargePoint: ChargePoint, session: Session, step: TransactionStep): Promise<Opened> {
    const steps = withStep(session.steps, step.seqNo);
    const judgement = steps ? await judge(chargePoint, session, step) : { authorization: repeated(session, step) };
    if (!steps) {
      logger.info({ chargePoint: chargePoint.id, session: session.id, step: step.seqNo }, 'a step came again');
      return { session, authorization: judgement.authorization };
    }
    const now = clock.now();
    const { at } = plausibleTime(step.at, now);
    const where =
      session.place === undefined && step.connector !== undefined
        ? await sessions.where(chargePoint, step.connector, step.part, at)
        : undefined;
    const changed = await sessions.record(session.id, step.samples, (current) => {
      const placed = where?.place ? located(current, where, now) : current;
      return withStepTaken({ ...placed, steps }, step, judgement, { at, now, cdrWaitMs: deps.lateStopWaitMs });
    });
    if (judgement.permit) await permits.used(chargePoint.id, judgement.permit);
    return { session: changed ?? session, authorization: judgement.authorization };
  }

  /** The charge point is asked whether it still has what is missing (OCPP 2.0.1 §E14); it sends it by itself then. */
  function askForMissing(chargePoint: ChargePoint, session: Session, before: number): void {
    const missing = session.steps?.missing.length ?? 0;
    if (missing <= before) return;
    const { transactionId } = session;
    logger.warn(
      { chargePoint: chargePoint.id, session: session.id, missing: session.steps?.missing },
      'steps are missing',
    );
    void chargePointLink.send(chargePoint.id, { type: 'getTransactionStatus', transactionId });
  }

  return {
    async transactionStep(id, step) {
      const chargePoint = await sessions.chargePoint(id);
      const known = await sessions.byTransaction(chargePoint, step.transactionId);
      const { session, authorization } = known
        ? await take(chargePoint, known, step)
        : await openAndTake(chargePoint, step);
      outbox.session(session);
      askForMissing(chargePoint, session, known?.steps?.missing.length ?? 0);
      await chargePoints.refreshStatus(chargePoint, step.connector);
      if (!isRunning(session)) {
        const { energyWh, anomalies } = session;
        logger.info(
          { chargePoint: id, session: session.id, energyWh, anomalies, reason: step.reason },
          'transaction ended',
        );
        billing.due(session.id);
      }
      return { authorization };
    },
  };

  async function openAndTake(chargePoint: ChargePoint, step: TransactionStep): Promise<Opened> {
    const opened = await open(chargePoint, step);
    const now = clock.now();
    const { at } = plausibleTime(step.at, now);
    const changed = await sessions.record(opened.session.id, step.samples, (current) =>
      withStepTaken(current, step, {}, { at, now, cdrWaitMs: deps.lateStopWaitMs }),
    );
    return { ...opened, session: changed ?? opened.session };
  }
}

interface Opened {
  readonly session: Session;
  readonly authorization: AuthorizationReply | undefined;
}

interface Judgement {
  readonly authorization?: AuthorizationReply | undefined;
  /** Given: the holder becomes the session's driver, or is refused. */
  readonly permit?: Permit | undefined;
  readonly idTag?: string | undefined;
}

/** The card that started it, or one of its group. */
const mayStop = (session: Session, idTag: string, groupIdTag: string | undefined): boolean =>
  keyOf(session.idTag ?? '') === keyOf(idTag) ||
  (session.groupId !== undefined && groupIdTag !== undefined && keyOf(session.groupId) === keyOf(groupIdTag));

/** A step that came again is answered as it was. */
function repeated(session: Session, { idTag }: TransactionStep): AuthorizationReply | undefined {
  if (idTag === undefined) return undefined;
  return session.status === 'INVALID' ? { status: 'NOT_ALLOWED' } : { status: 'Accepted', groupIdTag: session.groupId };
}

interface Moment {
  readonly at: Instant;
  readonly now: Instant;
  /** How long the CDR waits for steps that are missing. */
  readonly cdrWaitMs: number;
}

/** What a step makes of the session; its number has been taken in. */
function withStepTaken(session: Session, step: TransactionStep, judgement: Judgement, moment: Moment): Session {
  const driven = withDriver((step.mended ?? []).reduce(noted, session), judgement, moment);
  if (!isRunning(driven)) return afterEnd(driven, step, moment);
  const late = step.step === 'started' && step.at !== undefined && step.at < driven.startedAt;
  const begun = late ? startedEarlier(driven, moment.at, firstRegister(step), moment.now) : driven;
  const metered = withSamples(begun, step.samples, moment.now);
  const powered = unsuspected(withState(metered, step, moment));
  return step.step === 'ended' ? ended(powered, step, moment) : powered;
}

const firstRegister = (step: TransactionStep): number | undefined =>
  step.samples.map(importRegisterWh).find((wh) => wh !== undefined);

function withDriver(session: Session, { permit, idTag }: Judgement, { at, now }: Moment): Session {
  if (!permit || idTag === undefined) return session;
  return 'grant' in permit ? identified(session, driverOf(permit.grant, idTag), at, now) : refused(session, idTag, now);
}

const driverOf = (grant: Grant, idTag: string): Driver => ({
  idTag,
  partnerId: grant.partnerId,
  token: grant.token,
  groupId: grant.groupId,
  authMethod: grant.authMethod,
  authorizationReference: grant.authorizationReference,
});

function withState(session: Session, { state }: TransactionStep, { at, now }: Moment): Session {
  switch (state) {
    case 'Charging':
    case 'SuspendedEVSE':
      return withPowerState(session, false, at, now);
    case 'SuspendedEV':
      return withPowerState(session, true, at, now);
    case 'EVConnected':
    case 'Idle':
      // before energy has flowed the charge is only being set up; after that the vehicle stands there
      return session.energyWh > 0 ? withPowerState(session, true, at, now) : session;
    case undefined:
      return session;
  }
}

function ended(session: Session, step: TransactionStep, moment: Moment): Session {
  const missing = (session.steps?.missing.length ?? 0) > 0;
  return endSession(
    missing ? noted(session, 'messages-missing') : session,
    {
      at: step.at,
      registerWh: session.meterWh,
      reason: step.reason,
      repaired: false,
      cdrDueAt: missing ? addMs(moment.now, moment.cdrWaitMs) : moment.now,
    },
    moment.now,
  );
}

/** Steps that come after the end: the true end of a session that we ended ourselves, or what was missing. */
function afterEnd(session: Session, step: TransactionStep, { at, now }: Moment): Session {
  if (step.step === 'ended' && wasRepaired(session)) {
    const register = [...step.samples]
      .reverse()
      .map(importRegisterWh)
      .find((wh) => wh !== undefined);
    return reviseEnd(
      session,
      { at: step.at, registerWh: register ?? session.meterWh, reason: step.reason, repaired: false, cdrDueAt: now },
      now,
    );
  }
  const begun = step.step === 'started' ? startedEarlier(session, at, firstRegister(step), now) : session;
  const complete = begun.steps?.missing.length === 0;
  return complete && begun.cdrDueAt !== undefined ? { ...begun, cdrDueAt: now } : begun;
}

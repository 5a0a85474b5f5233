import { evseStatusOf, WHOLE_CHARGE_POINT, type ChargePoint } from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { withEvseStatus } from '../domain/location.js';
import { plausibleTime, suspected, unsuspected, withPowerState, type Session } from '../domain/session.js';
import type { Clock, Logger, Store } from '../ports.js';
import type { BootReply, ChargePointEvents, StatusChanged } from './charge-point-events.js';
import type { Documents } from './documents.js';
import type { Outbox } from './outbox.js';
import type { Placeholders } from './placeholders.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly outbox: Outbox;
  readonly placeholders: Placeholders | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly heartbeatIntervalS: number;
  readonly offlineGraceMs: number;
}

export interface ChargePoints extends Pick<
  ChargePointEvents,
  'connected' | 'disconnected' | 'booted' | 'statusChanged'
> {
  /** Brings the EVSE statuses of a charge point's location in line with what it reported; all, or one connector's. */
  refreshStatus(chargePoint: ChargePoint, connector?: string): Promise<void>;
  /** At start every charge point is away until it connects. */
  expectAll(): Promise<void>;
  stop(): void;
}

/** What charge points say of themselves: connection, boot and status. */
export function createChargePoints(deps: Deps): ChargePoints {
  const { store, documents, outbox, placeholders, clock, logger } = deps;
  const graceTimers = new Map<string, () => void>();

  const change = (id: string, decide: (current: ChargePoint) => ChargePoint) =>
    documents.change('chargePoint', keyOf(id), (current) => current && decide(current));

  async function runningSessions(chargePointId: string): Promise<readonly Session[]> {
    const found = await store.find('session', { where: { running: chargePointId } });
    return found.map(({ body }) => body);
  }

  async function refreshStatus(chargePoint: ChargePoint, connector?: string): Promise<void> {
    const { locationId } = chargePoint;
    if (!locationId) return;
    const all = Object.values(chargePoint.evses);
    const one = connector === undefined || connector === WHOLE_CHARGE_POINT ? undefined : chargePoint.evses[connector];
    const uids = one === undefined ? [...new Set(all)] : [one];
    const occupied = Object.values(chargePoint.connectors).some(({ state }) => state === 'Occupied');
    const running = occupied ? await runningSessions(chargePoint.id) : [];
    const transactionOn = (uid: string): boolean =>
      running.some((session) => session.status === 'ACTIVE' && session.place?.evse.uid === uid);
    const now = clock.now();
    let before: unknown;
    const after = await documents.change('location', keyOf(locationId), (current) => {
      before = current;
      return (
        current &&
        uids.reduce(
          (place, uid) => withEvseStatus(place, uid, evseStatusOf(chargePoint, uid, transactionOn(uid)), now),
          current,
        )
      );
    });
    if (after && after.body !== before) {
      outbox.published({ kind: 'location', id: after.id, change: after.change }, uids);
    }
  }

  async function markOffline(id: string): Promise<void> {
    const changed = await change(id, (current) =>
      current.offlineSince ? current : { ...current, offlineSince: clock.now() },
    );
    if (!changed) return;
    logger.warn({ chargePoint: id }, 'charge point is offline');
    await refreshStatus(changed.body);
  }

  function startGrace(id: string): void {
    endGrace(id);
    const cancel = clock.after(deps.offlineGraceMs, () => {
      graceTimers.delete(keyOf(id));
      markOffline(id).catch((error: unknown) =>
        logger.error({ chargePoint: id, err: error }, 'marking offline failed'),
      );
    });
    graceTimers.set(keyOf(id), cancel);
  }

  function endGrace(id: string): void {
    graceTimers.get(keyOf(id))?.();
    graceTimers.delete(keyOf(id));
  }

  async function changeSessions(
    chargePointId: string,
    connector: string,
    decide: (session: Session) => Session,
  ): Promise<void> {
    for (const session of await runningSessions(chargePointId)) {
      if (session.connector !== connector) continue;
      const changed = await documents.change('session', session.id, (current) => current && decide(current));
      if (changed) outbox.session(changed.body);
    }
  }

  async function affectSessions(id: string, { connector, state, at }: StatusChanged): Promise<void> {
    const now = clock.now();
    const time = plausibleTime(at, now).at;
    switch (state) {
      case 'Charging':
      case 'SuspendedEVSE':
        return changeSessions(id, connector, (session) => unsuspected(withPowerState(session, false, time, now)));
      case 'SuspendedEV':
        return changeSessions(id, connector, (session) => unsuspected(withPowerState(session, true, time, now)));
      case 'Available':
        // one from before the charge says nothing about it
        return changeSessions(id, connector, (session) =>
          time < session.startedAt ? session : suspected(session, now),
        );
      case 'Preparing':
      case 'Finishing':
      case 'Occupied':
      case 'Reserved':
      case 'Unavailable':
      case 'Faulted':
    }
  }

  /** A connector that no EVSE is mapped to yet. */
  async function unmapped(chargePoint: ChargePoint, connector: string): Promise<void> {
    if (chargePoint.placeholder && placeholders)
      await refreshStatus(await placeholders.addConnector(chargePoint, connector));
    else logger.warn({ chargePoint: chargePoint.id, connector }, 'status of a connector that no EVSE is mapped to');
  }

  return {
    refreshStatus,

    async connected(id, protocol) {
      endGrace(id);
      const wasOffline = (await store.get('chargePoint', keyOf(id)))?.body.offlineSince !== undefined;
      const changed = await change(id, (current) => ({
        ...current,
        protocol,
        lastSeenAt: clock.now(),
        offlineSince: undefined,
      }));
      if (wasOffline && changed) await refreshStatus(changed.body);
    },

    disconnected(id) {
      startGrace(id);
    },

    async booted(id, device): Promise<BootReply> {
      const now = clock.now();
      const changed = await change(id, (current) => ({
        ...current,
        device,
        lastSeenAt: now,
        ...(current.registration === 'Accepted' && { bootedAt: now }),
      }));
      const status = changed?.body.registration ?? 'Rejected';
      for (const session of await runningSessions(changed?.body.id ?? id)) {
        await documents.change('session', session.id, (current) => current && suspected(current, now));
      }
      logger.info({ chargePoint: id, ...device, status }, 'charge point booted');
      return { status, intervalS: deps.heartbeatIntervalS };
    },

    async statusChanged(id, event) {
      const known = (await store.get('chargePoint', keyOf(id)))?.body;
      if (!known) return;
      const report = reported(event, clock.now());
      const { connector } = event;
      const saving = change(id, report);
      if (connector !== WHOLE_CHARGE_POINT && known.evses[connector] === undefined) {
        await saving;
        await unmapped(known, connector);
        return;
      }
      // messages of a charge point come one at a time, so what its document will be is known: all is saved in one commit
      await Promise.all([saving, affectSessions(known.id, event), refreshStatus(report(known), connector)]);
    },

    async expectAll() {
      for (const { body } of await store.find('chargePoint')) if (!body.offlineSince) startGrace(body.id);
    },

    stop() {
      for (const cancel of graceTimers.values()) cancel();
      graceTimers.clear();
    },
  };
}

/** Takes a connector's status in; the same object when nothing is new. */
const reported =
  ({ connector, part, state, at, errorCode }: StatusChanged, now: Instant) =>
  (chargePoint: ChargePoint): ChargePoint => {
    const key = part === undefined ? connector : `${connector}.${part}`;
    const before = chargePoint.connectors[key];
    if (before?.state === state && before.errorCode === errorCode) return chargePoint;
    const report = { state, at: plausibleTime(at, now).at, errorCode };
    return { ...chargePoint, connectors: { ...chargePoint.connectors, [key]: report } };
  };

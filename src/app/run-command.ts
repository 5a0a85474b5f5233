import { withGrant, type Grant } from '../domain/charge-point.js';
import { commandResultOf, type ChargePointCommand, type CommandResultType } from '../domain/command.js';
import { DomainError } from '../domain/errors.js';
import { keyOf, maskUid, sha256 } from '../domain/ids.js';
import { findConnector, findEvse, type Evse, type Location } from '../domain/location.js';
import type { Partner } from '../domain/partner.js';
import { isRunning } from '../domain/session.js';
import { cdrTokenOf } from '../domain/token.js';
import type { ChargePointLink, Clock, Logger, PartnerLink, Store } from '../ports.js';
import type { Documents } from './documents.js';
import type { CommandReply, CommandRequests, StartSessionRequest } from './partner-requests.js';
import type { Outlet, Places } from './places.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly places: Places;
  readonly chargePointLink: ChargePointLink;
  readonly partnerLink: PartnerLink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** s within which the result of a command is posted. */
  readonly timeoutS: number;
}

export interface RunCommand extends CommandRequests {
  /** Resolves when no result is outstanding. */
  settled(): Promise<void>;
}

/** The longest idTag that every charge point takes (OCPP 1.6 §7.28); OCPI token uids may have 36 characters. */
const MAX_ID_TAG = 20;

/** The eMSP's commands: validated, answered at once, run on the charge point, result posted to response_url. */
export function createRunCommand(deps: Deps): RunCommand {
  const { store, documents, places, chargePointLink, partnerLink, clock, logger, timeoutS } = deps;
  const outstanding = new Set<Promise<void>>();

  const reply = (result: CommandReply['result'], message?: string): CommandReply => ({ result, timeoutS, message });

  async function locationOf(id: string): Promise<Location> {
    const found = await store.get('location', keyOf(id));
    if (!found) throw new DomainError('unknown-location', `there is no location ${id}`);
    return found.body;
  }

  function evsesOf(location: Location, evseUid: string | undefined): readonly Evse[] {
    if (evseUid === undefined) return location.evses ?? [];
    const evse = findEvse(location, evseUid);
    if (!evse || evse.status === 'REMOVED') {
      throw new DomainError('unknown-location', `there is no EVSE ${evseUid} at location ${location.id}`);
    }
    return [evse];
  }

  /** The first connected outlet, of the EVSE that was named or else of an available one. */
  async function outletFor(
    location: Location,
    request: { evseUid?: string | undefined; connectorId?: string | undefined },
  ): Promise<(Outlet & { evse: Evse }) | undefined> {
    const evses = evsesOf(location, request.evseUid);
    const [named] = evses;
    if (request.connectorId !== undefined && named && !findConnector(named, request.connectorId)) {
      throw new DomainError('unknown-location', `EVSE ${named.uid} has no connector ${request.connectorId}`);
    }
    const wanted = request.evseUid === undefined ? evses.filter(({ status }) => status === 'AVAILABLE') : evses;
    for (const evse of wanted) {
      const outlets = await places.outletsOf(location, evse, request.connectorId);
      const connected = outlets.find(({ chargePoint }) => chargePointLink.isConnected(chargePoint.id));
      if (connected) return { ...connected, evse };
    }
    return undefined;
  }

  async function isBusy({ chargePoint, connector }: Outlet): Promise<boolean> {
    const running = await store.find('session', { where: { running: chargePoint.id } });
    return running.some(({ body }) => body.connector === connector);
  }

  function inTime(work: Promise<CommandResultType>): Promise<CommandResultType> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(timeoutS * 1000, () => resolve('TIMEOUT'));
      work.finally(cancel).then(resolve, reject);
    });
  }

  /** Runs on after the answer; what happens goes to the partner once, without retries (OCPI 2.2.1 §13.1). */
  function runLater(
    partner: Partner,
    responseUrl: string,
    command: string,
    work: () => Promise<CommandResultType>,
  ): void {
    const run = async (): Promise<void> => {
      const result = await inTime(work()).catch((error: unknown) => {
        logger.error({ partner: partner.id, command, err: error }, 'command failed');
        return 'FAILED' as const;
      });
      logger.info({ partner: partner.id, command, result }, 'command result');
      await partnerLink.postCommandResult(partner, responseUrl, result);
    };
    const tracked = run()
      .catch((error: unknown) => logger.warn({ partner: partner.id, command, err: error }, 'command result not posted'))
      .finally(() => outstanding.delete(tracked));
    outstanding.add(tracked);
  }

  async function ask(chargePointId: string, command: ChargePointCommand): Promise<CommandResultType> {
    const outcome = await chargePointLink.send(chargePointId, command);
    return commandResultOf(outcome);
  }

  const changeGrants = (id: string, decide: (grants: readonly Grant[]) => readonly Grant[]) =>
    documents.change('chargePoint', keyOf(id), (current) => current && { ...current, grants: decide(current.grants) });

  /** The permission is saved first: the transaction that it is for may start before the charge point has answered. */
  async function remoteStart(partner: Partner, outlet: Outlet & { evse: Evse }, request: StartSessionRequest) {
    if (outlet.evse.status === 'INOPERATIVE' || outlet.evse.status === 'OUTOFORDER') return 'EVSE_INOPERATIVE';
    if (await isBusy(outlet)) return 'EVSE_OCCUPIED';
    const { chargePoint, connector } = outlet;
    const idTag = idTagFor(request.token.uid);
    const grant: Grant = {
      idTag,
      connector,
      partnerId: partner.id,
      token: cdrTokenOf(request.token),
      authMethod: 'COMMAND',
      authorizationReference: request.authorizationReference,
      at: clock.now(),
    };
    await changeGrants(chargePoint.id, (grants) => withGrant(grants, grant));
    const result = await ask(chargePoint.id, { type: 'remoteStart', idTag, connector });
    if (result === 'REJECTED' || result === 'NOT_SUPPORTED') {
      await changeGrants(chargePoint.id, (grants) =>
        grants.filter((each) => each.at !== grant.at || each.idTag !== idTag),
      );
    }
    return result;
  }

  return {
    async settled() {
      await Promise.all(outstanding);
    },

    async startSession(partner, request) {
      const location = await locationOf(request.locationId);
      const outlet = await outletFor(location, request);
      logger.info(
        { partner: partner.id, location: location.id, evse: outlet?.evse.uid, token: maskUid(request.token.uid) },
        'START_SESSION',
      );
      if (!outlet) return reply('REJECTED', 'no charge point there is connected and available');
      runLater(partner, request.responseUrl, 'START_SESSION', () => remoteStart(partner, outlet, request));
      return reply('ACCEPTED');
    },

    async stopSession(partner, { responseUrl, sessionId }) {
      const session = (await store.get('session', keyOf(sessionId)))?.body;
      logger.info({ partner: partner.id, session: sessionId }, 'STOP_SESSION');
      if (session?.partnerId !== partner.id) return reply('UNKNOWN_SESSION');
      if (!isRunning(session)) return reply('REJECTED', 'the session is over');
      if (!chargePointLink.isConnected(session.chargePointId)) {
        return reply('REJECTED', 'the charge point is not connected');
      }
      const { chargePointId, transactionId } = session;
      runLater(partner, responseUrl, 'STOP_SESSION', () => ask(chargePointId, { type: 'remoteStop', transactionId }));
      return reply('ACCEPTED');
    },

    async unlockConnector(partner, request) {
      const location = await locationOf(request.locationId);
      const outlet = await outletFor(location, request);
      logger.info({ partner: partner.id, location: location.id, evse: request.evseUid }, 'UNLOCK_CONNECTOR');
      if (!outlet) return reply('REJECTED', 'the charge point is not connected');
      const { chargePoint, connector } = outlet;
      runLater(partner, request.responseUrl, 'UNLOCK_CONNECTOR', () =>
        ask(chargePoint.id, { type: 'unlockConnector', connector }),
      );
      return reply('ACCEPTED');
    },
  };
}

/** The token's uid where a charge point can carry it, else a name that only the grant knows. */
const idTagFor = (uid: string): string => (uid.length <= MAX_ID_TAG ? uid : sha256(uid).slice(0, MAX_ID_TAG));

import { withGrant, withoutGrant, type Grant } from '../domain/charge-point.js';
import { keyOf, maskUid, sha256 } from '../domain/ids.js';
import { isRunning } from '../domain/session.js';
import { cdrTokenOf, type Token } from '../domain/token.js';
import type { Partner } from '../domain/partner.js';
import type { ChargePointLink, Clock, Logger, Store } from '../ports.js';
import type { CommandRunner } from './command-runner.js';
import type { Documents } from './documents.js';
import type { FindOutlet, FoundOutlet } from './outlets.js';
import type { CommandRequests, StartSessionRequest } from './partner-requests.js';
import type { Outlet } from './places.js';
import type { Numbers } from './numbers.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly findOutlet: FindOutlet;
  readonly runner: CommandRunner;
  readonly chargePointLink: Pick<ChargePointLink, 'isConnected'>;
  readonly remoteStartIds: Numbers;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The longest idTag that every charge point takes (OCPP 1.6 §7.28); OCPI token uids may have 36 characters. */
const MAX_ID_TAG = 20;

/** The token's uid where a charge point can carry it, else a name that only the grant knows. */
export const idTagFor = ({ uid }: Pick<Token, 'uid'>): string =>
  uid.length <= MAX_ID_TAG ? uid : sha256(uid).slice(0, MAX_ID_TAG);

/** The eMSP's commands on charges: validated, answered at once, run on the charge point, result posted. */
export function createRunCommand(
  deps: Deps,
): Pick<CommandRequests, 'startSession' | 'stopSession' | 'unlockConnector'> {
  const { store, documents, findOutlet, runner, chargePointLink, remoteStartIds, clock, logger } = deps;

  async function isBusy({ chargePoint, connector }: Outlet): Promise<boolean> {
    const running = await store.find('session', { where: { running: chargePoint.id } });
    return running.some(({ body }) => body.connector === connector);
  }

  const changeGrants = (id: string, decide: (grants: readonly Grant[]) => readonly Grant[]) =>
    documents.change('chargePoint', keyOf(id), (current) => current && { ...current, grants: decide(current.grants) });

  /** The permission is saved first: the transaction that it is for may start before the charge point has answered. */
  async function remoteStart(partner: Partner, outlet: FoundOutlet, request: StartSessionRequest) {
    if (outlet.evse.status === 'INOPERATIVE' || outlet.evse.status === 'OUTOFORDER') return 'EVSE_INOPERATIVE';
    if (await isBusy(outlet)) return 'EVSE_OCCUPIED';
    const { chargePoint, connector } = outlet;
    const idTag = idTagFor(request.token);
    const remoteStartId = Number(await remoteStartIds.next());
    const grant: Grant = {
      idTag,
      connector,
      partnerId: partner.id,
      token: cdrTokenOf(request.token),
      authMethod: 'COMMAND',
      authorizationReference: request.authorizationReference,
      groupId: request.token.group_id,
      remoteStartId,
      at: clock.now(),
    };
    await changeGrants(chargePoint.id, (grants) => withGrant(grants, grant));
    const result = await runner.ask(chargePoint.id, { type: 'remoteStart', idTag, connector, remoteStartId });
    if (result === 'REJECTED' || result === 'NOT_SUPPORTED') {
      await changeGrants(chargePoint.id, (grants) => withoutGrant(grants, grant));
    }
    return result;
  }

  return {
    async startSession(partner, request) {
      const outlet = await findOutlet(request);
      logger.info(
        {
          partner: partner.id,
          location: request.locationId,
          evse: outlet?.evse.uid,
          token: maskUid(request.token.uid),
        },
        'START_SESSION',
      );
      if (!outlet) return runner.reply('REJECTED', 'no charge point there is connected and available');
      runner.runLater(partner, request.responseUrl, 'START_SESSION', () => remoteStart(partner, outlet, request));
      return runner.reply('ACCEPTED');
    },

    async stopSession(partner, { responseUrl, sessionId }) {
      const session = (await store.get('session', keyOf(sessionId)))?.body;
      logger.info({ partner: partner.id, session: sessionId }, 'STOP_SESSION');
      if (session?.partnerId !== partner.id) return runner.reply('UNKNOWN_SESSION');
      if (!isRunning(session)) return runner.reply('REJECTED', 'the session is over');
      if (!chargePointLink.isConnected(session.chargePointId)) {
        return runner.reply('REJECTED', 'the charge point is not connected');
      }
      const { chargePointId, transactionId } = session;
      runner.runLater(partner, responseUrl, 'STOP_SESSION', () =>
        runner.ask(chargePointId, { type: 'remoteStop', transactionId }),
      );
      return runner.reply('ACCEPTED');
    },

    async unlockConnector(partner, request) {
      const outlet = await findOutlet(request);
      logger.info({ partner: partner.id, location: request.locationId, evse: request.evseUid }, 'UNLOCK_CONNECTOR');
      if (!outlet) return runner.reply('REJECTED', 'the charge point is not connected');
      const { chargePoint, connector } = outlet;
      runner.runLater(partner, request.responseUrl, 'UNLOCK_CONNECTOR', () =>
        runner.ask(chargePoint.id, { type: 'unlockConnector', connector }),
      );
      return runner.reply('ACCEPTED');
    },
  };
}

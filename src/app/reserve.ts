import { reservationsAt, type ChargePoint, type Reservation } from '../domain/charge-point.js';
import type { CommandResultType } from '../domain/command.js';
import { keyOf } from '../domain/ids.js';
import { isConnected, type Partner } from '../domain/partner.js';
import { cdrTokenOf } from '../domain/token.js';
import type { Clock, Logger, PartnerLink, Store } from '../ports.js';
import type { ChargePointEvents } from './charge-point-events.js';
import type { CommandRunner } from './command-runner.js';
import type { Documents } from './documents.js';
import type { FindOutlet } from './outlets.js';
import type { CommandRequests, ReserveNowRequest } from './partner-requests.js';
import { idTagFor } from './run-command.js';
import type { Numbers } from './numbers.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly findOutlet: FindOutlet;
  readonly runner: CommandRunner;
  readonly partnerLink: PartnerLink;
  readonly reservationIds: Numbers;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Held {
  readonly chargePoint: ChargePoint;
  readonly reservation: Reservation;
}

/** Reservations: an eMSP's RESERVE_NOW and CANCEL_RESERVATION, and how they end (OCPI 2.2.1 §13.2.1). */
export function createReserve(
  deps: Deps,
): Pick<CommandRequests, 'reserveNow' | 'cancelReservation'> & Pick<ChargePointEvents, 'reservationEnded'> {
  const { store, documents, findOutlet, runner, partnerLink, reservationIds, clock, logger } = deps;

  const change = (id: string, decide: (held: readonly Reservation[]) => readonly Reservation[]) =>
    documents.change(
      'chargePoint',
      keyOf(id),
      (current) => current && { ...current, reservations: decide(reservationsAt(current, clock.now())) },
    );

  const remove = (chargePointId: string, id: number) =>
    change(chargePointId, (held) => held.filter((each) => each.id !== id));

  async function find(partner: Partner, partnerReservationId: string): Promise<Held | undefined> {
    for (const { body: chargePoint } of await store.find('chargePoint')) {
      const reservation = reservationsAt(chargePoint, clock.now()).find(
        (each) => each.partnerId === partner.id && keyOf(each.partnerReservationId) === keyOf(partnerReservationId),
      );
      if (reservation) return { chargePoint, reservation };
    }
    return undefined;
  }

  /** Saved before the charge point is asked: its transaction may come before its answer. */
  async function reserve(chargePointId: string, reservation: Reservation): Promise<CommandResultType> {
    const { id: reservationId, idTag, connector, expiresAt } = reservation;
    await change(chargePointId, (held) => [...held.filter((each) => each.id !== reservationId), reservation]);
    const result = await runner.ask(chargePointId, { type: 'reserveNow', reservationId, idTag, connector, expiresAt });
    if (result !== 'ACCEPTED' && result !== 'TIMEOUT') await remove(chargePointId, reservationId);
    return result;
  }

  /** The same id again replaces the reservation, so the charge point knows it by the same number. */
  async function numberFor(partner: Partner, request: ReserveNowRequest): Promise<number> {
    const before = await find(partner, request.reservationId);
    return before?.reservation.id ?? Number(await reservationIds.next());
  }

  return {
    async reserveNow(partner, request) {
      const outlet = await findOutlet(request);
      logger.info({ partner: partner.id, location: request.locationId, evse: outlet?.evse.uid }, 'RESERVE_NOW');
      if (!outlet) return runner.reply('REJECTED', 'no charge point there is connected and available');
      if (request.expiresAt <= clock.now()) return runner.reply('REJECTED', 'the reservation would be over already');
      const reservation: Reservation = {
        id: await numberFor(partner, request),
        partnerId: partner.id,
        partnerReservationId: request.reservationId,
        idTag: idTagFor(request.token),
        token: cdrTokenOf(request.token),
        connector: outlet.connector,
        authorizationReference: request.authorizationReference,
        responseUrl: request.responseUrl,
        expiresAt: request.expiresAt,
      };
      runner.runLater(partner, request.responseUrl, 'RESERVE_NOW', () => reserve(outlet.chargePoint.id, reservation));
      return runner.reply('ACCEPTED');
    },

    async cancelReservation(partner, { responseUrl, reservationId }) {
      const held = await find(partner, reservationId);
      logger.info({ partner: partner.id, known: held !== undefined }, 'CANCEL_RESERVATION');
      runner.runLater(partner, responseUrl, 'CANCEL_RESERVATION', async () => {
        if (!held) return 'UNKNOWN_RESERVATION';
        const { chargePoint, reservation } = held;
        const result = await runner.ask(chargePoint.id, { type: 'cancelReservation', reservationId: reservation.id });
        if (result === 'ACCEPTED') await remove(chargePoint.id, reservation.id);
        return result;
      });
      return runner.reply('ACCEPTED');
    },

    async reservationEnded(chargePointId, id, how) {
      const chargePoint = (await store.get('chargePoint', keyOf(chargePointId)))?.body;
      const reservation = chargePoint?.reservations?.find((each) => each.id === id);
      logger.info({ chargePoint: chargePointId, reservation: id, how }, 'reservation ended');
      if (!reservation) return;
      await remove(chargePointId, id);
      const partner = (await store.get('partner', reservation.partnerId))?.body;
      if (how === 'expired' || !partner || !isConnected(partner)) return;
      // the operator or a fault took it away: the eMSP is told at the URL that it gave (SUBTLE 79)
      partnerLink
        .postCommandResult(partner, reservation.responseUrl, 'CANCELED_RESERVATION')
        .catch((error: unknown) => logger.warn({ partner: partner.id, err: error }, 'cancellation not posted'));
    },
  };
}

import {
  grantFor,
  grantOfRemoteStart,
  grantOfReservation,
  reservationsAt,
  withGrant,
  withoutGrant,
  type ChargePoint,
  type Grant,
  type Reservation,
} from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { cdrTokenOf } from '../domain/token.js';
import type { Clock } from '../ports.js';
import type { Authorize } from './authorize.js';
import type { AuthorizationReply } from './charge-point-events.js';
import type { Documents } from './documents.js';

/** What a transaction says of the permission that it uses. */
export interface PermitRequest {
  readonly idTag: string;
  readonly connector: string;
  readonly at: Instant;
  readonly remoteStartId?: number | undefined;
  readonly reservationId?: number | undefined;
}

/** A permission, or why there is none. `reservation` is the one that it comes from. */
export type Permit =
  { readonly grant: Grant; readonly reservation?: Reservation | undefined } | { readonly refused: AuthorizationReply };

/** Permissions to charge: given when asked for, kept in the charge point's document until their transaction starts. */
export interface Permits {
  /** Asks for one, without keeping it. */
  ask(chargePoint: ChargePoint, idTag: string): Promise<Permit>;
  keep(chargePointId: string, grant: Grant): Promise<void>;
  /** One that was given before (by a remote start, a reservation or a tap), or else asks. */
  find(chargePoint: ChargePoint, request: PermitRequest): Promise<Permit>;
  /** Its transaction has started, or it came to nothing: it can't be used again. */
  used(chargePointId: string, permit: Permit): Promise<void>;
}

interface Deps {
  readonly documents: Documents;
  readonly authorize: Authorize;
  readonly clock: Clock;
}

export function createPermits({ documents, authorize, clock }: Deps): Permits {
  const change = (id: string, decide: (current: ChargePoint) => ChargePoint) =>
    documents.change('chargePoint', keyOf(id), (current) => current && decide(current));

  async function ask(chargePoint: ChargePoint, idTag: string): Promise<Permit> {
    const answer = await authorize(chargePoint, idTag);
    if (!answer.allowed) return { refused: { status: answer.reason } };
    const { partnerId, token, authMethod, authorizationReference } = answer;
    return {
      grant: {
        idTag,
        partnerId,
        token: cdrTokenOf(token),
        authMethod,
        authorizationReference,
        groupId: token.group_id,
        at: clock.now(),
      },
    };
  }

  return {
    ask,
    async keep(id, grant) {
      await change(id, (current) => ({ ...current, grants: withGrant(current.grants, grant) }));
    },
    async find(chargePoint, { idTag, connector, at, remoteStartId, reservationId }) {
      const reservation = reservationsAt(chargePoint, at).find(({ id }) => id === reservationId);
      if (reservation && keyOf(reservation.idTag) === keyOf(idTag)) {
        return { grant: grantOfReservation(reservation), reservation };
      }
      const grant =
        grantOfRemoteStart(chargePoint.grants, remoteStartId) ?? grantFor(chargePoint.grants, idTag, connector, at);
      return grant ? { grant } : ask(chargePoint, idTag);
    },
    async used(id, permit) {
      if ('refused' in permit) return;
      const { grant, reservation } = permit;
      await change(id, (current) => {
        const grants = withoutGrant(current.grants, grant);
        if (!reservation) return grants.length === current.grants.length ? current : { ...current, grants };
        return { ...current, grants, reservations: current.reservations?.filter((each) => each.id !== reservation.id) };
      });
    },
  };
}

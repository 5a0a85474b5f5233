import { z } from 'zod';
import { instant, parseInstant } from '../../src/domain/instant.js';
import { ciString, dateTime, displayText, integer, listOf, optional, url } from '../../src/domain/schema.js';
import type { Token } from '../../src/domain/token.js';
import type { CommandRequest, CommandsCodec } from '../codec.js';
import { cut } from '../loss.js';
import { parseWire } from '../parse.js';
import { tokenFromWire } from '../tokens/shared.js';

/** Commands of OCPI 2.2 and later: the versions differ only in the tokens that they know. */

const stopSession = z.object({ response_url: url, session_id: ciString(36) });

const unlockConnector = z.object({
  response_url: url,
  location_id: ciString(36),
  evse_uid: ciString(36),
  connector_id: ciString(36),
});

const cancelReservation = z.object({ response_url: url, reservation_id: ciString(36) });

/** The requests of §13.3, by the version's own Token. */
export const commandSchemas = (token: z.ZodType<Token>) => ({
  startSession: z
    .object({
      response_url: url,
      token,
      location_id: ciString(36),
      evse_uid: optional(ciString(36)),
      connector_id: optional(ciString(36)),
      authorization_reference: optional(ciString(36)),
    })
    .refine((command) => command.connector_id === undefined || command.evse_uid !== undefined, {
      // SUBTLE 80
      message: 'needed with connector_id',
      path: ['evse_uid'],
    }),
  stopSession,
  unlockConnector,
  reserveNow: z.object({
    response_url: url,
    token,
    expiry_date: dateTime,
    reservation_id: ciString(36),
    location_id: ciString(36),
    evse_uid: optional(ciString(36)),
    authorization_reference: optional(ciString(36)),
  }),
  cancelReservation,
});
type CommandSchemas = ReturnType<typeof commandSchemas>;

export const commandResponse = z.object({
  result: z.enum(['NOT_SUPPORTED', 'REJECTED', 'ACCEPTED', 'UNKNOWN_SESSION']),
  timeout: integer,
  message: listOf(displayText),
});

export const commandResult = z.object({
  result: z.enum([
    'ACCEPTED',
    'CANCELED_RESERVATION',
    'EVSE_OCCUPIED',
    'EVSE_INOPERATIVE',
    'FAILED',
    'NOT_SUPPORTED',
    'REJECTED',
    'TIMEOUT',
    'UNKNOWN_RESERVATION',
  ]),
  message: listOf(displayText),
});

const readersOf = (schemas: CommandSchemas): Readonly<Record<string, (json: unknown) => CommandRequest>> => ({
  START_SESSION(json) {
    const wire = parseWire(schemas.startSession, json, 'StartSession');
    return {
      command: 'startSession',
      request: {
        responseUrl: wire.response_url,
        token: tokenFromWire(wire.token),
        locationId: wire.location_id,
        evseUid: wire.evse_uid,
        connectorId: wire.connector_id,
        authorizationReference: wire.authorization_reference,
      },
    };
  },
  STOP_SESSION(json) {
    const wire = parseWire(schemas.stopSession, json, 'StopSession');
    return { command: 'stopSession', request: { responseUrl: wire.response_url, sessionId: wire.session_id } };
  },
  UNLOCK_CONNECTOR(json) {
    const wire = parseWire(schemas.unlockConnector, json, 'UnlockConnector');
    return {
      command: 'unlockConnector',
      request: {
        responseUrl: wire.response_url,
        locationId: wire.location_id,
        evseUid: wire.evse_uid,
        connectorId: wire.connector_id,
      },
    };
  },
  RESERVE_NOW(json) {
    const wire = parseWire(schemas.reserveNow, json, 'ReserveNow');
    return {
      command: 'reserveNow',
      request: {
        responseUrl: wire.response_url,
        token: tokenFromWire(wire.token),
        // the schema has seen that it names a moment
        expiresAt: parseInstant(wire.expiry_date) ?? instant(0),
        reservationId: wire.reservation_id,
        locationId: wire.location_id,
        evseUid: wire.evse_uid,
        authorizationReference: wire.authorization_reference,
      },
    };
  },
  CANCEL_RESERVATION(json) {
    const wire = parseWire(schemas.cancelReservation, json, 'CancelReservation');
    return {
      command: 'cancelReservation',
      request: { responseUrl: wire.response_url, reservationId: wire.reservation_id },
    };
  },
});

const texts = (message: string | undefined) =>
  message === undefined ? {} : { message: [{ language: 'en', text: cut(message, 512) }] };

export function commandsCodec(schemas: CommandSchemas): CommandsCodec {
  const readers = readersOf(schemas);
  return {
    fromWire: (name, json) => (Object.hasOwn(readers, name) ? readers[name]?.(json) : undefined),
    replyToWire: ({ result, timeoutS, message }): z.input<typeof commandResponse> => ({
      result,
      timeout: timeoutS,
      ...texts(message),
    }),
    resultToWire: (result, message): z.input<typeof commandResult> => ({ result, ...texts(message) }),
  };
}

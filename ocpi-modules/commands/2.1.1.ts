import { z } from 'zod';
import type { CommandResultType } from '../../src/domain/command.js';
import { instant, parseInstant } from '../../src/domain/instant.js';
import { dateTime, integer, optional, text, url, type Party } from '../../src/domain/schema.js';
import type { CommandRequest, CommandsCodec } from '../codec.js';
import type { LossNote } from '../loss.js';
import { parseWire } from '../parse.js';
import { token, tokenFromWire } from '../tokens/2.1.1.js';

/** Commands of OCPI 2.1.1 (mod_commands 3): without CANCEL_RESERVATION. */

const locationId = text(39).min(1);

export const startSession = z.object({
  response_url: url,
  token,
  location_id: locationId,
  evse_uid: optional(text(39)),
});

export const stopSession = z.object({ response_url: url, session_id: text(36).min(1) });

export const unlockConnector = z.object({
  response_url: url,
  location_id: locationId,
  evse_uid: text(39).min(1),
  connector_id: text(36).min(1),
});

export const reserveNow = z.object({
  response_url: url,
  token,
  expiry_date: dateTime,
  reservation_id: integer,
  location_id: locationId,
  evse_uid: optional(text(39)),
});

/** The direct answer, and the later result too. */
export const commandResponse = z.object({
  result: z.enum(['NOT_SUPPORTED', 'REJECTED', 'ACCEPTED', 'TIMEOUT', 'UNKNOWN_SESSION']),
});
type Result = z.input<typeof commandResponse>['result'];

/** DIFFERENCES §11. */
const results = {
  ACCEPTED: 'ACCEPTED',
  CANCELED_RESERVATION: 'REJECTED',
  EVSE_OCCUPIED: 'REJECTED',
  EVSE_INOPERATIVE: 'REJECTED',
  FAILED: 'REJECTED',
  NOT_SUPPORTED: 'NOT_SUPPORTED',
  REJECTED: 'REJECTED',
  TIMEOUT: 'TIMEOUT',
  UNKNOWN_RESERVATION: 'REJECTED',
} as const satisfies Record<CommandResultType, Result>;

const readers: Readonly<Record<string, (json: unknown, owner: Party) => CommandRequest>> = {
  START_SESSION(json, owner) {
    const wire = parseWire(startSession, json, 'StartSession');
    return {
      command: 'startSession',
      request: {
        responseUrl: wire.response_url,
        token: tokenFromWire(wire.token, owner),
        locationId: wire.location_id,
        evseUid: wire.evse_uid,
      },
    };
  },
  STOP_SESSION(json) {
    const wire = parseWire(stopSession, json, 'StopSession');
    return { command: 'stopSession', request: { responseUrl: wire.response_url, sessionId: wire.session_id } };
  },
  UNLOCK_CONNECTOR(json) {
    const wire = parseWire(unlockConnector, json, 'UnlockConnector');
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
  RESERVE_NOW(json, owner) {
    const wire = parseWire(reserveNow, json, 'ReserveNow');
    return {
      command: 'reserveNow',
      request: {
        responseUrl: wire.response_url,
        token: tokenFromWire(wire.token, owner),
        // the schema has seen that it names a moment
        expiresAt: parseInstant(wire.expiry_date) ?? instant(0),
        reservationId: String(wire.reservation_id),
        locationId: wire.location_id,
        evseUid: wire.evse_uid,
      },
    };
  },
};

export const commands: CommandsCodec = {
  fromWire: (name, json, owner) => (Object.hasOwn(readers, name) ? readers[name]?.(json, owner) : undefined),
  replyToWire: ({ result }): z.input<typeof commandResponse> => ({ result }),
  resultToWire: (result): z.input<typeof commandResponse> => ({ result: results[result] }),
};

/** All that commands lose in 2.1.1. */
export const losses211: readonly LossNote[] = [
  { field: 'CommandResponse.timeout', rule: 'dropped' },
  { field: 'CommandResponse.message', rule: 'dropped' },
  {
    field: 'CommandResult.result',
    rule: 'EVSE_OCCUPIED, EVSE_INOPERATIVE, FAILED and those of reservations become REJECTED',
  },
  { field: 'CommandResult.message', rule: 'dropped' },
];

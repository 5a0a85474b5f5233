import type { ChargePointEvents } from '../src/app/charge-point-events.js';
import type { RegistrationStatus } from '../src/domain/charge-point.js';
import type { ChargePointCommand, CommandOutcome } from '../src/domain/command.js';
import type { Instant } from '../src/domain/instant.js';
import type { Iso15118Provider, Logger } from '../src/ports.js';
import type { RpcRules } from './frame.js';

/** Why a call is answered with a CALLERROR, in the spelling of the newest OCPP-J; a version maps it to its own. */
export type RpcErrorCode =
  | 'FormatViolation'
  | 'GenericError'
  | 'InternalError'
  | 'MessageTypeNotSupported'
  | 'NotImplemented'
  | 'NotSupported'
  | 'OccurrenceConstraintViolation'
  | 'PropertyConstraintViolation'
  | 'ProtocolError'
  | 'RpcFrameworkError'
  | 'SecurityError'
  | 'TypeConstraintViolation';

/** Thrown by a version's `answer` to answer a call with a CALLERROR. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: RpcErrorCode;

  constructor(code: RpcErrorCode, description: string) {
    super(description);
    this.code = code;
  }
}

/** The charge point at the other end, as an adapter sees it. */
export interface Peer {
  readonly chargePointId: string;
  readonly events: ChargePointEvents;
  readonly log: Logger;
  /** Absent: what it would answer is refused. */
  readonly iso15118?: Iso15118Provider | undefined;
  now(): Instant;
  /** Notes that a message was read only thanks to these tolerances: counted each time, logged and reported once a connection. */
  tolerated(names: readonly string[], action: string): void;
}

export interface InboundCall {
  readonly action: string;
  /** undefined: the frame had none. */
  readonly payload: unknown;
  readonly arrivedAt: Instant;
}

/** The payload of a CALLRESULT; `registration` when it told the charge point whether it is accepted. */
export interface Answer {
  readonly payload: object;
  readonly registration?: RegistrationStatus | undefined;
}

/**
 * A command in a version's words. `read` makes the outcome of the charge point's CALLRESULT, or says why it can't be read;
 * it never throws.
 */
export interface OutboundRequest {
  readonly action: string;
  readonly payload: object;
  read(answer: unknown, peer: Peer): CommandOutcome | RpcError;
}

/**
 * What becomes of a message of a charge point. `refused`: always answered with a no, in the standard's own words;
 * `with a provider`: the same, unless a provider is plugged in.
 */
export type Treatment = 'handled' | 'with a provider' | 'refused';

/** Which of a version's messages are spoken: what the compatibility table shows. */
export interface Coverage {
  /** Every action that a charge point may call. */
  readonly inbound: Readonly<Record<string, Treatment>>;
  /** Every action that we may call, by a command of its own or by `call`. */
  readonly outbound: readonly string[];
}

/** One OCPP version: all that server and connection need to know of it. */
export interface OcppVersion {
  /** The WebSocket subprotocol, as registered at IANA. */
  readonly protocol: string;
  readonly rpc: RpcRules;
  readonly wireCodes: Readonly<Record<RpcErrorCode, string>>;
  /** The one action that a charge point which isn't accepted may call. */
  readonly bootAction: string;
  /** What may be asked while a charge point's registration is Pending. */
  readonly whilePending: ReadonlySet<ChargePointCommand['type']>;
  /**
   * Answers one call; resolves when what it says is saved.
   * @throws RpcError what to answer instead; anything else becomes InternalError
   */
  answer(call: InboundCall, peer: Peer): Promise<Answer>;
  /** The request for a command, or at once the outcome of one that can't be sent in this version. */
  request(command: ChargePointCommand): OutboundRequest | { readonly outcome: CommandOutcome };
  readonly coverage: Coverage;
}

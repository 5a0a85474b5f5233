import type { CommandResponseType } from '../domain/command.js';
import type { Instant } from '../domain/instant.js';
import type { Partner } from '../domain/partner.js';
import type { Token } from '../domain/token.js';
import type { Credentials } from '../ports.js';

/** What partners ask of us over OCPI, in words that fit every version. */
export interface PartnerRequests {
  /** The partner whose token this is; constant in time as to the token. */
  authenticate(token: string): Promise<Partner | undefined>;
  readonly registration: RegistrationRequests;
  readonly tokens: TokenRequests;
  readonly commands: CommandRequests;
}

/**
 * Credentials module, receiving side (OCPI 2.2.1 §7.2).
 * @throws DomainError `already-registered`, `not-registered` (HTTP 405), and those of {@link Handshake}: 3001, 3002, 3003
 */
export interface RegistrationRequests {
  /** What we told this partner, but for the token, which is `current`: only the caller knows it in clear. */
  credentials(partner: Partner, current: string): Credentials;
  /** POST: calls back with the partner's token, then gives ours. */
  register(partner: Partner, version: string, theirs: Credentials): Promise<Credentials>;
  /** PUT: fetches versions and details again and gives a new token. */
  update(partner: Partner, version: string, theirs: Credentials): Promise<Credentials>;
  /** DELETE. */
  unregister(partner: Partner): Promise<void>;
}

export interface TokenKey {
  readonly countryCode: string;
  readonly partyId: string;
  readonly uid: string;
  readonly type: string;
}

/** Tokens module, receiving side (OCPI 2.2.1 §12.2.2). A partner sees and writes only the tokens of its own parties. */
export interface TokenRequests {
  /** @throws DomainError `unknown-token` */
  get(partner: Partner, key: TokenKey): Promise<Token>;
  /** @throws DomainError `invalid-input` for a token of another's party */
  put(partner: Partner, token: Token): Promise<'created' | 'updated'>;
  /** Sets the given fields. @throws DomainError `unknown-token`, `invalid-input` */
  patch(partner: Partner, key: TokenKey, fields: Partial<Token>): Promise<void>;
}

export interface StartSessionRequest {
  readonly responseUrl: string;
  readonly token: Token;
  readonly locationId: string;
  readonly evseUid?: string | undefined;
  readonly connectorId?: string | undefined;
  readonly authorizationReference?: string | undefined;
}

export interface ReserveNowRequest {
  readonly responseUrl: string;
  readonly token: Token;
  readonly expiresAt: Instant;
  /** The partner's own. */
  readonly reservationId: string;
  readonly locationId: string;
  readonly evseUid?: string | undefined;
  readonly authorizationReference?: string | undefined;
}

export interface CommandReply {
  readonly result: CommandResponseType;
  /** Seconds after which no result will come. */
  readonly timeoutS: number;
  readonly message?: string | undefined;
}

/**
 * Commands module, receiving side (OCPI 2.2.1 §13.2.1). The reply says whether we took the command; its outcome is posted
 * to `responseUrl` after an ACCEPTED one.
 * @throws DomainError `unknown-location` (2003), `invalid-input`
 */
export interface CommandRequests {
  startSession(partner: Partner, request: StartSessionRequest): Promise<CommandReply>;
  reserveNow(partner: Partner, request: ReserveNowRequest): Promise<CommandReply>;
  cancelReservation(partner: Partner, request: { responseUrl: string; reservationId: string }): Promise<CommandReply>;
  stopSession(partner: Partner, request: { responseUrl: string; sessionId: string }): Promise<CommandReply>;
  unlockConnector(
    partner: Partner,
    request: { responseUrl: string; locationId: string; evseUid: string; connectorId: string },
  ): Promise<CommandReply>;
}

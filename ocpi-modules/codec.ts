import type { CommandReply, ReserveNowRequest, StartSessionRequest } from '../src/app/partner-requests.js';
import type { EmspAnswer } from '../src/domain/authorization.js';
import type { Cdr } from '../src/domain/cdr.js';
import type { CommandResultType } from '../src/domain/command.js';
import type { Location } from '../src/domain/location.js';
import type { PartnerEndpoint } from '../src/domain/partner.js';
import type { Party } from '../src/domain/schema.js';
import type { Session } from '../src/domain/session.js';
import type { Tariff } from '../src/domain/tariff.js';
import type { Token } from '../src/domain/token.js';
import type { AuthorizeRequest, Credentials } from '../src/ports.js';

/**
 * What one OCPI version says differently from the others: wire objects to and from canonical ones. Each module's file
 * named after the version has its part. A `fromWire` throws DomainError `invalid-input`; a `toWire` that gives undefined
 * means that the version has no words for the object.
 */
export interface Codec {
  readonly versions: VersionsCodec;
  readonly credentials: CredentialsCodec;
  readonly locations: LocationsCodec;
  readonly sessions: SessionsCodec;
  readonly cdrs: CdrsCodec;
  readonly tariffs: TariffsCodec;
  readonly tokens: TokensCodec;
  readonly commands: CommandsCodec;
}

export interface VersionsCodec {
  detailsToWire(version: string, endpoints: readonly PartnerEndpoint[]): object;
  detailsFromWire(json: unknown): readonly PartnerEndpoint[];
}

export interface CredentialsCodec {
  toWire(of: Credentials): object;
  fromWire(json: unknown): Credentials;
}

export interface LocationsCodec {
  readonly location: (of: Location) => object | undefined;
  evse(of: Location, evseUid: string): object | undefined;
  connector(of: Location, evseUid: string, connectorId: string): object | undefined;
  /** The PATCH of an EVSE's status. */
  evseStatus(of: Location, evseUid: string): object | undefined;
}

export interface SessionsCodec {
  readonly toWire: (of: Session) => object | undefined;
  /** The PATCH of what grows while a session runs. */
  growthToWire(of: Session): object;
  /** Absent: the version has no charging preferences. */
  readonly checkPreferences?: (json: unknown) => void;
  readonly preferencesNotPossible?: string;
}

export interface CdrsCodec {
  readonly toWire: (of: Cdr) => object | undefined;
  /** Why `toWire` has no words for it, for the operator; absent: no more is known. */
  readonly whyNot?: (of: Cdr) => string | undefined;
  idFromWire(json: unknown): string | undefined;
}

export interface TariffsCodec {
  toWire(of: Tariff): object | undefined;
}

export interface TokensCodec {
  /** The types that a URL without `?type=` may mean, likeliest first; absent: RFID (OCPI 2.2.1 §12.2.2). */
  readonly typesWithoutQuery?: readonly string[];
  /** Uids in URLs that differ only by case are different ones. */
  readonly caseSensitiveUids?: boolean;
  toWire(of: Token): object;
  /** `owner`: the party whose token it is, where the version does not say that in the object. */
  fromWire(json: unknown, owner: Party): Token;
  /** A PATCH: what it doesn't name stays as it is. */
  patchFromWire(json: unknown): Partial<Token>;
  /** undefined: the request names no place. */
  locationReferencesToWire(of: AuthorizeRequest): object | undefined;
  authorizationFromWire(json: unknown): Extract<EmspAnswer, { kind: 'verdict' }>;
}

export type CommandRequest =
  | { readonly command: 'startSession'; readonly request: StartSessionRequest }
  | { readonly command: 'stopSession'; readonly request: { readonly responseUrl: string; readonly sessionId: string } }
  | {
      readonly command: 'unlockConnector';
      readonly request: {
        readonly responseUrl: string;
        readonly locationId: string;
        readonly evseUid: string;
        readonly connectorId: string;
      };
    }
  | { readonly command: 'reserveNow'; readonly request: ReserveNowRequest }
  | {
      readonly command: 'cancelReservation';
      readonly request: { readonly responseUrl: string; readonly reservationId: string };
    };

export interface CommandsCodec {
  /** undefined: there is no command of this name. `owner`: as of {@link TokensCodec.fromWire}. */
  fromWire(name: string, json: unknown, owner: Party): CommandRequest | undefined;
  replyToWire(reply: CommandReply): object;
  resultToWire(result: CommandResultType, message: string | undefined): object;
}

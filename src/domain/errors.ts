/** Every way in which the domain says no. Each edge maps this union totally (style.md). */
export type DomainErrorCode =
  | 'unknown-charge-point'
  | 'unknown-location'
  | 'unknown-evse'
  | 'unknown-session'
  | 'unknown-token'
  | 'unknown-partner'
  | 'unknown-object'
  | 'invalid-input'
  | 'not-registered'
  | 'already-registered'
  | 'charge-point-offline'
  | 'not-supported'
  | 'partner-unreachable'
  | 'partner-refused';

export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: DomainErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: DomainErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** A document was changed by someone else since it was read; the use case runs again on fresh state. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
  constructor(kind: string, id: string) {
    super(`${kind} ${id} was changed meanwhile`);
  }
}

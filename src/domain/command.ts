/** What can be asked of a charge point, in words that fit every OCPP version. `connector` is a key of its `evses`. */
export type ChargePointCommand =
  | { readonly type: 'remoteStart'; readonly idTag: string; readonly connector?: string | undefined }
  | { readonly type: 'remoteStop'; readonly transactionId: string }
  | { readonly type: 'unlockConnector'; readonly connector: string }
  | { readonly type: 'reset'; readonly hard: boolean }
  | { readonly type: 'changeAvailability'; readonly connector: string; readonly operative: boolean }
  | { readonly type: 'getConfiguration'; readonly keys: readonly string[] }
  | { readonly type: 'changeConfiguration'; readonly key: string; readonly value: string }
  | { readonly type: 'clearCache' }
  | { readonly type: 'trigger'; readonly message: string; readonly connector?: string | undefined }
  | {
      readonly type: 'dataTransfer';
      readonly vendorId: string;
      readonly messageId?: string | undefined;
      readonly data?: string | undefined;
    };

/**
 * How a command ended. `answer` is the charge point's own, as JSON. `offline`: it isn't connected or left meanwhile;
 * `timeout`: it was asked and did not answer, so what it did is not known.
 */
export interface CommandOutcome {
  readonly status: 'accepted' | 'scheduled' | 'rejected' | 'not-supported' | 'offline' | 'timeout' | 'failed';
  readonly answer?: unknown;
  readonly message?: string | undefined;
}

/** OCPI 2.2.1 §13.3.3 CommandResponseType. */
export type CommandResponseType = 'ACCEPTED' | 'REJECTED' | 'NOT_SUPPORTED' | 'UNKNOWN_SESSION';

/** OCPI 2.2.1 §13.3.4 CommandResultType. */
export type CommandResultType =
  | 'ACCEPTED'
  | 'CANCELED_RESERVATION'
  | 'EVSE_OCCUPIED'
  | 'EVSE_INOPERATIVE'
  | 'FAILED'
  | 'NOT_SUPPORTED'
  | 'REJECTED'
  | 'TIMEOUT'
  | 'UNKNOWN_RESERVATION';

const results = {
  accepted: 'ACCEPTED',
  scheduled: 'ACCEPTED',
  rejected: 'REJECTED',
  'not-supported': 'NOT_SUPPORTED',
  offline: 'FAILED',
  timeout: 'TIMEOUT',
  failed: 'FAILED',
} as const satisfies Record<CommandOutcome['status'], CommandResultType>;

export const commandResultOf = (outcome: CommandOutcome): CommandResultType => results[outcome.status];

import type { Logger } from '../src/ports.js';
import { type OcppVersion, RpcError, type RpcErrorCode } from './adapter.js';
import { countBy, type Counting } from './counters.js';
import { errorFrame, type MessageId, resultErrorFrame } from './frame.js';

/** The errors that go to and fro over one connection, each counted and logged. */
export interface Refusals {
  /** Answers a CALL, or a frame that can't be read, with a CALLERROR. */
  readonly refuse: (id: MessageId, error: RpcError) => void;
  /** The same without a line of its own in the log: a flood has one for all. */
  readonly refuseSurplus: (id: MessageId) => void;
  /** A CALLRESULT can't be read: in the versions that can say so, it is said. */
  readonly refuseResult: (id: MessageId, error: RpcError) => void;
  /** The charge point can't read a CALLRESULT of ours. */
  readonly onResultError: (error: {
    readonly id: MessageId;
    readonly code: string;
    readonly description: string;
  }) => void;
  /** What a call failed of. Details stay in our log: they are none of the charge point's business. */
  readonly causeOf: (error: unknown, call: { readonly action: string; readonly id: MessageId }) => RpcError;
}

/** Message ids have no bound of their own. */
export const idInLog = (id: MessageId): string => String(id).slice(0, 64);

export function createRefusals(deps: {
  readonly version: Pick<OcppVersion, 'rpc' | 'wireCodes'>;
  readonly counting: Counting;
  readonly log: Logger;
  readonly knownCodes: ReadonlySet<string>;
  readonly transmit: (frame: string) => void;
}): Refusals {
  const { version, counting, log, transmit } = deps;

  function counted(code: RpcErrorCode): string {
    const wireCode = version.wireCodes[code];
    countBy(counting.callErrors.sent, wireCode);
    return wireCode;
  }

  return {
    refuse(id, { code, message }) {
      const errorCode = counted(code);
      log.info({ messageId: idInLog(id), errorCode, errorDescription: message }, 'call refused');
      transmit(errorFrame(id, errorCode, message));
    },
    refuseSurplus: (id) => transmit(errorFrame(id, counted('GenericError'), 'too many messages')),
    refuseResult(id, { code, message }) {
      log.warn({ messageId: idInLog(id), errorCode: code, errorDescription: message }, 'answer cannot be read');
      if (version.rpc.resultErrors) transmit(resultErrorFrame(id, counted(code), message));
    },
    onResultError({ id, code, description }) {
      countBy(counting.callErrors.received, deps.knownCodes.has(code) ? code : 'other');
      log.warn({ messageId: idInLog(id), errorCode: code, errorDescription: description }, 'answer refused');
    },
    causeOf(error, { action, id }) {
      if (error instanceof RpcError) return error;
      log.error({ err: error, action, messageId: idInLog(id) }, 'call failed');
      return new RpcError('InternalError', 'the message could not be processed');
    },
  };
}

import { randomUUID } from 'node:crypto';
import type { ChargePointCommand, CommandOutcome } from '../src/domain/command.js';
import type { Clock } from '../src/ports.js';
import { type OutboundRequest, type Peer, RpcError } from './adapter.js';
import { countBy, type Counting } from './counters.js';
import { callFrame, type MessageId } from './frame.js';
import type { OcppLimits } from './options.js';

export interface OutboundCalls {
  /** Queues a request; resolves with its outcome, never rejects. */
  ask(type: ChargePointCommand['type'], request: OutboundRequest): Promise<CommandOutcome>;
  /** Sends the next request that may go, if none is outstanding; to be called whenever that may have changed. */
  pump(): void;
  onResult(id: MessageId, payload: unknown): void;
  onError(id: MessageId, code: string, description: string): void;
  /** The connection is over: everything asked or waiting ends `offline`. */
  end(reason: string): void;
}

interface Entry {
  readonly type: ChargePointCommand['type'];
  readonly request: OutboundRequest;
  /** Resolves the promise and stops the timer of whatever it waits for. */
  settle(outcome: CommandOutcome): void;
  restartTimer(ms: number, task: () => void): void;
}

/** Ids whose answers may still come after their time-out. */
const REMEMBERED_IDS = 32;

const unsupportedCodes: ReadonlySet<string> = new Set(['NotImplemented', 'NotSupported']);

/** Calls towards one charge point: one outstanding at a time (OCPP-J 1.6 §4.1.1), the others wait in order. */
export function createOutboundCalls(deps: {
  readonly peer: Peer;
  readonly clock: Clock;
  readonly limits: Pick<OcppLimits, 'callTimeoutMs' | 'commandWaitMs' | 'maxPendingCommands'>;
  readonly counting: Counting;
  readonly knownCodes: ReadonlySet<string>;
  readonly send: (frame: string) => void;
  /** Called with a CALLRESULT that can't be read. */
  readonly onUnreadable: (id: MessageId, error: RpcError) => void;
  readonly mayAsk: (type: ChargePointCommand['type']) => boolean;
}): OutboundCalls {
  const { peer, clock, limits, counting } = deps;
  const timedOut = new Set<string>();
  let waiting: Entry[] = [];
  let outstanding: { readonly id: string; readonly entry: Entry } | undefined;
  let ended: string | undefined;

  function pump(): void {
    if (outstanding || ended !== undefined) return;
    const entry = waiting.find(({ type }) => deps.mayAsk(type));
    if (!entry) return;
    waiting = waiting.filter((other) => other !== entry);
    const id = randomUUID();
    outstanding = { id, entry };
    entry.restartTimer(limits.callTimeoutMs, () => onTimeout(id, entry));
    counting.commands.sent += 1;
    peer.log.debug({ action: entry.request.action, messageId: id }, 'command sent');
    deps.send(callFrame(id, entry.request.action, entry.request.payload));
  }

  function onTimeout(id: string, entry: Entry): void {
    const { action } = entry.request;
    counting.commands.timedOut += 1;
    peer.log.warn({ action, messageId: id, timeoutMs: limits.callTimeoutMs }, 'command timed out');
    timedOut.add(id);
    for (const oldest of timedOut) {
      if (timedOut.size <= REMEMBERED_IDS) break;
      timedOut.delete(oldest);
    }
    finish({ status: 'timeout', message: `${action}: no answer within ${limits.callTimeoutMs} ms` });
  }

  function finish(outcome: CommandOutcome): void {
    const done = outstanding?.entry;
    outstanding = undefined;
    done?.settle(outcome);
    pump();
  }

  /** The request that an answer belongs to; others are counted and ignored. */
  function requestFor(id: MessageId): OutboundRequest | undefined {
    const key = String(id);
    if (outstanding?.id === key) return outstanding.entry.request;
    const late = timedOut.delete(key);
    counting.commands[late ? 'lateAnswers' : 'unknownAnswers'] += 1;
    peer.log.info({ messageId: key.slice(0, 64) }, late ? 'late answer ignored' : 'answer to nothing ignored');
    return undefined;
  }

  return {
    pump,
    ask(type, request) {
      if (ended !== undefined) return Promise.resolve({ status: 'offline', message: ended });
      if (waiting.length >= limits.maxPendingCommands) {
        return Promise.resolve({ status: 'failed', message: 'too many commands wait for this charge point' });
      }
      return new Promise((resolve) => {
        const entry = createEntry(clock, type, request, resolve);
        entry.restartTimer(limits.commandWaitMs, () => {
          waiting = waiting.filter((other) => other !== entry);
          entry.settle({ status: 'failed', message: `not sent: not ready within ${limits.commandWaitMs} ms` });
        });
        waiting.push(entry);
        pump();
      });
    },
    onResult(id, payload) {
      const request = requestFor(id);
      if (!request) return;
      const outcome = request.read(payload, peer);
      if (outcome instanceof RpcError) {
        deps.onUnreadable(id, outcome);
        finish({ status: 'failed', message: `${request.action}: the answer can't be read: ${outcome.message}` });
      } else {
        finish(outcome);
      }
    },
    onError(id, code, description) {
      const request = requestFor(id);
      if (!request) return;
      countBy(counting.callErrors.received, deps.knownCodes.has(code) ? code : 'other');
      const message = `${request.action}: ${[code, description].filter(Boolean).join(': ')}`;
      peer.log.warn({ action: request.action, errorCode: code, errorDescription: description }, 'command refused');
      finish({ status: unsupportedCodes.has(code) ? 'not-supported' : 'failed', message });
    },
    end(reason) {
      ended ??= reason;
      const entries = [...(outstanding ? [outstanding.entry] : []), ...waiting];
      outstanding = undefined;
      waiting = [];
      entries.forEach((entry) => entry.settle({ status: 'offline', message: reason }));
    },
  };
}

function createEntry(
  clock: Clock,
  type: ChargePointCommand['type'],
  request: OutboundRequest,
  resolve: (outcome: CommandOutcome) => void,
): Entry {
  let cancel: (() => void) | undefined;
  return {
    type,
    request,
    settle(outcome) {
      cancel?.();
      resolve(outcome);
    },
    restartTimer(ms, task) {
      cancel?.();
      cancel = clock.after(ms, task);
    },
  };
}

import type { WebSocket } from 'ws';
import type { ChargePointEvents } from '../src/app/charge-point-events.js';
import type { ChargePointCommand, CommandOutcome } from '../src/domain/command.js';
import type { Clock, Iso15118Provider, Logger } from '../src/ports.js';
import { type InboundCall, type OcppVersion, RpcError } from './adapter.js';
import { type BootState, mayAsk } from './boot-gate.js';
import type { Counting } from './counters.js';
import { createFloodGate } from './flood.js';
import { type Frame, type MessageId, parseFrame, resultFrame } from './frame.js';
import { createInboundQueue } from './inbound.js';
import { startKeepalive } from './keepalive.js';
import type { OcppLimits } from './options.js';
import { createOutboundCalls } from './outbound.js';
import { createPauses } from './pauses.js';
import { createPeer } from './peer.js';
import { createRefusals, idInLog } from './refusals.js';
import { textOfMessage } from './socket-text.js';

/** WebSocket close codes (RFC 6455 §7.4.1). */
export const closeCodes = { goingAway: 1001, protocolError: 1002, policy: 1008, internalError: 1011 } as const;

/** Frames' worth of bytes that may wait to be sent to a charge point that does not read. */
const MAX_UNSENT_FRAMES = 4;

export interface ConnectionDeps {
  readonly socket: WebSocket;
  readonly chargePointId: string;
  readonly version: OcppVersion;
  readonly events: ChargePointEvents;
  readonly iso15118?: Iso15118Provider | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly counting: Counting;
  readonly limits: OcppLimits;
  /** It has been accepted by a boot on an earlier connection. */
  readonly booted: boolean;
  /** Calls are handled after it has resolved; a rejection ends the connection. */
  readonly start: Promise<unknown>;
  /** Called once, when the connection is over for us; its socket may still be closing. */
  readonly onEnd: () => void;
}

/** The RPC layer over one socket (OCPP-J 1.6 §4). */
export interface Connection {
  /** The subprotocol it speaks. */
  readonly protocol: string;
  send(command: ChargePointCommand): Promise<CommandOutcome>;
  /** Ends it at once: nothing more is read, what waits ends `offline`, the socket closes with `code`. */
  end(code: number, reason: string): void;
  /** Takes no more calls, lets the one being handled be answered, then ends with 1001; resolves with the socket closed. */
  drain(): Promise<void>;
  /** Drops the socket without a closing handshake. */
  terminate(): void;
  /** Resolves when no call is being handled any more; to be asked after the end. */
  idle(): Promise<void>;
}

interface Call extends InboundCall {
  readonly id: MessageId;
  readonly key: string;
  /** A SEND gets no answer, whatever becomes of it. */
  readonly answered: boolean;
}

export function createConnection(deps: ConnectionDeps): Connection {
  const { socket, version, clock, log, counting, limits } = deps;
  let boot: BootState = { registration: undefined, bootsOpen: 0, settled: false };
  let badFramesInARow = 0;
  let over = false;
  const knownCodes: ReadonlySet<string> = new Set(Object.values(version.wireCodes));
  const peer = createPeer(deps);
  const refusals = createRefusals({ version, counting, log, knownCodes, transmit });
  const { refuse } = refusals;
  const pauses = createPauses(socket);
  const flood = createFloodGate({
    clock,
    log,
    counting,
    limits,
    hold: () => pauses.hold('flood'),
    release: () => pauses.release('flood'),
  });
  const outbound = createOutboundCalls({
    peer,
    clock,
    limits,
    counting,
    knownCodes,
    send: transmit,
    onUnreadable: refusals.refuseResult,
    mayAsk: (type) => mayAsk(boot, type, version.whilePending),
  });
  const inbound = createInboundQueue<Call>({
    start: deps.start,
    handle,
    max: limits.maxQueuedCalls,
    pause: () => pauses.hold('queue'),
    resume: () => pauses.release('queue'),
  });
  const keepalive = startKeepalive({
    clock,
    pingIntervalMs: limits.pingIntervalMs,
    idleTimeoutMs: limits.idleTimeoutMs,
    ping: () => socket.ping(),
    exempt: () => socket.isPaused,
    onIdle() {
      counting.connections.idle += 1;
      log.warn({ idleTimeoutMs: limits.idleTimeoutMs }, 'no sign of life, connection dropped');
      socket.terminate();
      finish('no sign of life');
    },
  });
  const cancelBootWait = clock.after(limits.bootWaitMs, settle);
  const socketClosed = new Promise<void>((resolve) => socket.once('close', () => resolve()));

  socket.on('message', onMessage);
  socket.on('ping', () => {
    keepalive.heard();
    if (!over && flood.frame() === 'close') onFlood();
  });
  socket.on('pong', () => keepalive.heard());
  // ws itself closes the socket after an error, with 1009 for a frame that is too large, 1007 for text that isn't UTF-8
  socket.on('error', (error) => log.warn({ reason: error.message }, 'connection failed'));
  socket.on('close', (code) => finish(`connection closed (${code})`));
  deps.start.catch((error: unknown) => {
    log.error({ err: error }, 'connection could not be recorded');
    end(closeCodes.internalError, 'internal error');
  });

  function settle(): void {
    boot = { ...boot, settled: deps.booted };
    outbound.pump();
  }

  function onMessage(data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean): void {
    keepalive.heard();
    if (over) return;
    counting.frames.received += 1;
    if (isBinary) counting.frames.binary += 1;
    const verdict = flood.frame();
    if (verdict === 'close') {
      onFlood();
      return;
    }
    const text = textOfMessage(data, isBinary);
    const frame: Frame =
      text === undefined
        ? { kind: 'malformed', reason: 'a binary frame that is not UTF-8 text' }
        : parseFrame(text, version.rpc);
    if (verdict === 'take' || (frame.kind !== 'call' && frame.kind !== 'send')) dispatch(frame);
    else if (frame.kind === 'call') refusals.refuseSurplus(frame.id);
  }

  const onFlood = (): void => end(closeCodes.policy, 'too many messages');

  function dispatch(frame: Frame): void {
    if (frame.kind === 'malformed') {
      onMalformed(frame.reason, frame.id);
      return;
    }
    badFramesInARow = 0;
    switch (frame.kind) {
      case 'call':
        onCall(frame.id, frame.action, frame.payload);
        break;
      case 'send':
        onSend(frame.id, frame.action, frame.payload);
        break;
      case 'result':
        outbound.onResult(frame.id, frame.payload);
        break;
      case 'error':
        outbound.onError(frame.id, frame.code, frame.description);
        break;
      case 'resultError':
        refusals.onResultError(frame);
        break;
      case 'ignored':
        onIgnored(frame.reason, frame.id);
    }
  }

  function onIgnored(reason: string, id?: MessageId): void {
    counting.frames.ignored += 1;
    log.info({ reason }, 'frame ignored');
    if (id !== undefined) refuse(id, new RpcError('MessageTypeNotSupported', reason));
  }

  function onMalformed(reason: string, id: MessageId | undefined): void {
    counting.frames.malformed += 1;
    badFramesInARow += 1;
    log.warn({ reason, answered: id !== undefined }, 'malformed frame');
    if (id !== undefined) refuse(id, new RpcError('RpcFrameworkError', reason));
    if (badFramesInARow >= limits.maxBadFrames) end(closeCodes.protocolError, 'too many malformed frames');
  }

  function onCall(id: MessageId, action: string, payload: unknown): void {
    const isBoot = action === version.bootAction;
    const key = `${typeof id}:${id}`;
    if (!inbound.push({ id, key, action, payload, arrivedAt: clock.now(), answered: true })) {
      counting.calls.duplicate += 1;
      log.info({ action, messageId: idInLog(id) }, 'call came again before its answer, dropped');
      return;
    }
    counting.calls.received += 1;
    if (isBoot) boot = { ...boot, bootsOpen: boot.bootsOpen + 1 };
    else if (!boot.settled) settle();
  }

  function onSend(id: MessageId, action: string, payload: unknown): void {
    if (!version.rpc.sends.has(action)) {
      onIgnored(`${action.slice(0, 64)} is no SEND`);
      return;
    }
    counting.calls.received += 1;
    inbound.push({ id, key: `send:${id}`, action, payload, arrivedAt: clock.now(), answered: false });
  }

  /** Answers one call. A boot is answered before any command goes out. */
  async function handle(call: Call): Promise<void> {
    if (over) return;
    const isBoot = call.action === version.bootAction;
    try {
      if (!isBoot && boot.registration === 'Rejected')
        throw new RpcError('SecurityError', 'not registered: boot first');
      const { payload, registration = boot.registration } = await withinTime(version.answer(call, peer), call.action);
      if (call.answered) transmit(resultFrame(call.id, payload));
      boot = { ...boot, registration };
    } catch (error) {
      const refusal = refusals.causeOf(error, call);
      if (call.answered) refuse(call.id, refusal);
      else log.warn({ action: call.action, reason: refusal.message }, 'SEND not taken');
    }
    if (isBoot) boot = { ...boot, bootsOpen: boot.bootsOpen - 1 };
    outbound.pump();
  }

  function withinTime<T>(work: Promise<T>, action: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(limits.callTimeoutMs, () => {
        counting.calls.timedOut += 1;
        reject(new Error(`${action} was not handled within ${limits.callTimeoutMs} ms`));
      });
      work.then(resolve, reject).finally(cancel);
    });
  }

  function transmit(frame: string): void {
    if (over) return;
    counting.frames.sent += 1;
    socket.send(frame);
    if (socket.bufferedAmount > MAX_UNSENT_FRAMES * limits.maxFrameBytes) {
      log.warn({ unsentBytes: socket.bufferedAmount }, 'charge point does not read, connection dropped');
      socket.terminate();
      finish('charge point does not read');
    }
  }

  function end(code: number, reason: string): void {
    finish(reason);
    if (socket.isPaused) socket.resume(); // else the peer's close frame would never be read
    socket.close(code, reason);
    const cancel = clock.after(limits.upgradeTimeoutMs, () => socket.terminate());
    void socketClosed.then(cancel);
  }

  function finish(reason: string): void {
    if (over) return;
    over = true;
    keepalive.stop();
    flood.stop();
    cancelBootWait();
    void inbound.stop();
    outbound.end(reason);
    log.info({ reason }, 'charge point disconnected');
    deps.onEnd();
  }

  return {
    protocol: version.protocol,
    async send(command) {
      const request = version.request(command);
      return 'outcome' in request ? request.outcome : outbound.ask(command.type, request);
    },
    end,
    async drain() {
      await inbound.stop();
      end(closeCodes.goingAway, 'going away');
      await socketClosed;
    },
    terminate: () => socket.terminate(),
    idle: () => inbound.stop(),
  };
}

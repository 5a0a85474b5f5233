import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

export type Payload = Readonly<Record<string, unknown>>;

/** Answers a call of the server: the payload of the CALLRESULT. */
export type CommandHandler = (payload: Payload) => Payload | Promise<Payload>;

export interface OcppClientOptions {
  /** The server's URL without the id, e.g. `ws://127.0.0.1:9000/ocpp`. */
  readonly url: string;
  readonly id: string;
  /** The WebSocket subprotocol, e.g. `ocpp1.6`. */
  readonly protocol: string;
  /** Security profile 1: HTTP Basic auth with the id as username. */
  readonly password?: string | undefined;
  /** Security profiles 2 and 3: whom it trusts, and its own certificate with its key, all in PEM. */
  readonly tls?:
    { readonly ca: string; readonly cert?: string | undefined; readonly key?: string | undefined } | undefined;
  /** Until a call or the connect has failed. */
  readonly timeoutMs?: number | undefined;
  /** What answers the server's calls, by action; what it throws becomes a CALLERROR InternalError. */
  readonly handlers: ReadonlyMap<string, CommandHandler>;
}

/** A CALLERROR that the server answered. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
  readonly code: string;
  readonly description: string;

  constructor(action: string, code: string, description: string) {
    super(`${action}: ${code}: ${description}`);
    this.code = code;
    this.description = description;
  }
}

/** The RPC layer of a small charge point, whatever its version. It knows nothing of the server's insides. */
export interface OcppClient {
  /** @throws Error with the HTTP status when the server refuses the upgrade */
  readonly connect: () => Promise<void>;
  /** Resolves with the close code when the connection is over, whoever ended it. */
  readonly closed: () => Promise<number>;
  readonly disconnect: () => Promise<void>;
  /** @throws CallRefused for a CALLERROR, Error when there is no answer in time or the connection is lost */
  readonly call: (action: string, payload: Payload) => Promise<Payload>;
  /** A SEND of OCPP 2.1, which has no answer (OCPP-J 2.1 §4.2.5). */
  readonly send: (action: string, payload: Payload) => void;
}

const DEFAULT_TIMEOUT_MS = 10_000;

interface Pending {
  readonly action: string;
  resolve(payload: Payload): void;
  reject(error: Error): void;
}

export function createOcppClient(options: OcppClientOptions): OcppClient {
  const { id, handlers, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const pending = new Map<string, Pending>();
  let socket: WebSocket | undefined;
  let whenClosed: Promise<number> = Promise.resolve(1000);

  function connect(): Promise<void> {
    const auth = options.password === undefined ? {} : { auth: `${id}:${options.password}` };
    const opening = new WebSocket(`${options.url}/${encodeURIComponent(id)}`, options.protocol, {
      ...auth,
      ...options.tls,
      handshakeTimeout: timeoutMs,
    });
    socket = opening;
    opening.on('message', (data: Buffer) => void receive(opening, data.toString('utf8')));
    whenClosed = new Promise((resolve) => {
      opening.once('close', (code) => {
        for (const call of pending.values()) call.reject(new Error(`${call.action}: connection lost (${code})`));
        pending.clear();
        resolve(code);
      });
    });
    return new Promise((resolve, reject) => {
      opening.once('open', resolve);
      opening.on('error', reject);
    });
  }

  async function receive(from: WebSocket, text: string): Promise<void> {
    const [type, messageId, ...rest] = JSON.parse(text) as [number, string, ...unknown[]];
    if (type === 2) {
      const answer = await answerOf(String(rest[0]), rest[1] as Payload);
      if (from.readyState === WebSocket.OPEN) from.send(JSON.stringify([answer[0], messageId, ...answer.slice(1)]));
      return;
    }
    const call = pending.get(messageId);
    pending.delete(messageId);
    if (type === 3) call?.resolve(rest[0] as Payload);
    else call?.reject(new CallRefused(call.action, String(rest[0]), String(rest[1])));
  }

  async function answerOf(action: string, payload: Payload): Promise<readonly [number, ...unknown[]]> {
    const handler = handlers.get(action);
    if (!handler) return [4, 'NotImplemented', `${action} is not implemented`, {}];
    try {
      return [3, await handler(payload)];
    } catch (error) {
      return [4, 'InternalError', String(error), {}];
    }
  }

  const transmit = (action: string, frame: readonly unknown[]): void => {
    if (socket?.readyState !== WebSocket.OPEN) throw new Error(`${action}: not connected`);
    socket.send(JSON.stringify(frame));
  };

  return {
    connect,
    closed: () => whenClosed,
    async disconnect() {
      socket?.close(1000);
      await whenClosed;
    },
    async call(action, payload) {
      const messageId = randomUUID();
      transmit(action, [2, messageId, action, payload]);
      return new Promise<Payload>((resolve, reject) => {
        const timer = setTimeout(() => {
          pending.delete(messageId);
          reject(new Error(`${action}: no answer within ${timeoutMs} ms`));
        }, timeoutMs);
        const settle =
          <T>(done: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer);
            done(value);
          };
        pending.set(messageId, { action, resolve: settle(resolve), reject: settle(reject) });
      });
    },
    send: (action, payload) => transmit(action, [6, randomUUID(), action, payload]),
  };
}

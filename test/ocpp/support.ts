import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import type { OcppLimits, TlsOptions } from '../../ocpp-adapters/options.js';
import { createOcppServer, type OcppServer } from '../../ocpp-adapters/server.js';
import type { ChargePointEvents } from '../../src/app/charge-point-events.js';
import type { Iso15118Provider } from '../../src/ports.js';
import { createFakeClock, type FakeClock } from '../support/fake-clock.js';

type EventName = keyof ChargePointEvents;

/** An event as it was reported: its name and its arguments. */
type RecordedEvent = readonly [EventName, ...unknown[]];

interface Recorder {
  readonly events: ChargePointEvents;
  readonly all: RecordedEvent[];
  /** Those about what a charge point does, without its coming and going and how it spells. */
  readonly domain: () => RecordedEvent[];
  /** Resolves with the next event of this name from now on, or one that was there already. */
  readonly seen: (name: EventName) => Promise<RecordedEvent>;
}

/** Says yes to everything and records it; `overrides` say something else. */
function createRecorder(overrides: Partial<ChargePointEvents> = {}): Recorder {
  const all: RecordedEvent[] = [];
  const waiting: { name: EventName; resolve: (event: RecordedEvent) => void }[] = [];
  const answers: ChargePointEvents = {
    admit: async () => ({ result: 'admitted', booted: false }),
    connected: async () => undefined,
    disconnected: () => undefined,
    booted: async () => ({ status: 'Accepted', intervalS: 300 }),
    statusChanged: async () => undefined,
    authorizeAsked: async () => ({ status: 'Accepted' }),
    transactionStarted: async () => ({ transactionId: '7', authorization: { status: 'Accepted' } }),
    meterSampled: async () => undefined,
    transactionEnded: async () => undefined,
    transactionStep: async (_id, { idTag }) => ({
      authorization: idTag === undefined ? undefined : { status: 'Accepted' },
    }),
    reservationEnded: async () => undefined,
    deviceReported: async () => undefined,
    certificateRequested: async () => true,
    deviated: () => undefined,
    ...overrides,
  };
  const record = (name: EventName, args: readonly unknown[]): void => {
    const event: RecordedEvent = [name, ...args];
    all.push(event);
    waiting.filter((each) => each.name === name).forEach((each) => each.resolve(event));
  };
  const events = new Proxy(answers, {
    get:
      (target, name: EventName) =>
      (...args: unknown[]): unknown => {
        record(name, args);
        const reports = target as unknown as Record<EventName, (...args: unknown[]) => unknown>;
        return reports[name](...args);
      },
  });
  return {
    events,
    all,
    domain: () => all.filter(([name]) => !['admit', 'connected', 'disconnected', 'deviated'].includes(name)),
    seen(name) {
      const found = all.find((event) => event[0] === name);
      return found ? Promise.resolve(found) : new Promise((resolve) => waiting.push({ name, resolve }));
    },
  };
}

const limits: OcppLimits = {
  callTimeoutMs: 30_000,
  commandWaitMs: 60_000,
  bootWaitMs: 10_000,
  pingIntervalMs: 60_000,
  idleTimeoutMs: 180_000,
  upgradeTimeoutMs: 10_000,
  upgradesPerSecond: 1000,
  maxConnections: 100,
  maxFrameBytes: 64 * 1024,
  maxQueuedCalls: 8,
  maxPendingCommands: 4,
  maxBadFrames: 100,
  messagesPerSecond: 1000,
  messageBurst: 1000,
  onFlood: 'slow',
};

interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface TestServer extends Recorder {
  readonly server: OcppServer;
  readonly clock: FakeClock;
  readonly url: string;
  readonly log: LogLine[];
}

/** A server on a free port with a clock that stands still; it ends with the test. */
export async function startServer(
  t: TestContext,
  options: {
    limits?: Partial<OcppLimits>;
    events?: Partial<ChargePointEvents>;
    clock?: FakeClock;
    iso15118?: Iso15118Provider;
    tls?: TlsOptions;
  } = {},
): Promise<TestServer> {
  const recorder = createRecorder(options.events);
  const clock = options.clock ?? createFakeClock();
  const log: LogLine[] = [];
  const server = createOcppServer({
    port: 0,
    host: '127.0.0.1',
    pathPrefix: '/ocpp',
    limits: { ...limits, ...options.limits },
    events: recorder.events,
    iso15118: options.iso15118,
    tls: options.tls,
    clock,
    log: pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line) as LogLine) }),
  });
  await server.start();
  t.after(async () => {
    const stopped = server.stop(0);
    await clock.advance(1);
    await stopped;
  });
  return { ...recorder, server, clock, log, url: `ws://127.0.0.1:${server.port}/ocpp` };
}

/** A WebSocket client that does just what the test says. */
export interface RawPeer {
  readonly socket: WebSocket;
  send(frame: unknown): void;
  sendText(text: string): void;
  /** The next frame that came. */
  next(): Promise<unknown[]>;
  /** Sends a call and gives the next frame. */
  call(action: string, payload: unknown, id?: string | number): Promise<unknown[]>;
  /** The next call of the server is answered with this payload. */
  answer(payload: unknown): Promise<unknown[]>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

interface PeerOptions {
  readonly protocols?: string[];
  readonly headers?: Record<string, string>;
  readonly autoPong?: boolean;
  readonly rejectUnauthorized?: boolean;
}

let nextId = 0;

export function createPeer(
  t: TestContext,
  url: string,
  { protocols = ['ocpp1.6'], ...options }: PeerOptions = {},
): RawPeer {
  const socket = new WebSocket(url, protocols, options);
  const received: unknown[][] = [];
  const waiting: ((frame: unknown[]) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as unknown[];
    const waiter = waiting.shift();
    if (waiter) waiter(frame);
    else received.push(frame);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  t.after(() => socket.terminate());
  const next = (): Promise<unknown[]> => {
    const frame = received.shift();
    return frame ? Promise.resolve(frame) : new Promise((resolve) => waiting.push(resolve));
  };
  const send = (frame: unknown): void => socket.send(JSON.stringify(frame));
  return {
    socket,
    send,
    sendText: (text) => socket.send(text),
    next,
    async call(action, payload, id = `m${++nextId}`) {
      send([2, id, action, payload]);
      return next();
    },
    async answer(payload) {
      const frame = await next();
      send([3, frame[1], payload]);
      return frame;
    },
    closed,
  };
}

/** A peer whose connection is open. */
export async function connectPeer(t: TestContext, url: string, options: PeerOptions = {}): Promise<RawPeer> {
  const peer = createPeer(t, url, options);
  await once(peer.socket, 'open');
  return peer;
}

/** The status, headers and body with which an upgrade was refused. */
export function refusalOf(
  peer: RawPeer,
): Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    peer.socket.once('open', () => reject(new Error('the upgrade was not refused')));
    peer.socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    peer.socket.on('error', reject);
  });
}

export const boot = { chargePointVendor: 'Acme', chargePointModel: 'One' };

/** A promise that the test settles. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

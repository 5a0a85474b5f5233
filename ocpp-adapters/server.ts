import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Admission, AdmissionResult, ChargePointEvents } from '../src/app/charge-point-events.js';
import { keyOf } from '../src/domain/ids.js';
import { toEpochMs } from '../src/domain/instant.js';
import type { ChargePointLink, Clock, Iso15118Provider, Logger } from '../src/ports.js';
import type { OcppVersion } from './adapter.js';
import { closeCodes, type Connection, createConnection } from './connection.js';
import { createCounting, type OcppCounters, type UpgradeRefusal } from './counters.js';
import { createPlainDoor, createTlsDoor, type Door } from './door.js';
import type { OcppServerOptions } from './options.js';
import { peerCertificateOf } from './tls.js';
import { createTokenBucket } from './token-bucket.js';
import { chargePointIdOf, credentialsOf, offersOf, refuseUpgrade } from './upgrade.js';
import { negotiate, versionWithoutOffer } from './version-table.js';

export interface OcppServerDeps extends OcppServerOptions {
  readonly events: ChargePointEvents;
  /** Absent: what vehicles ask for by ISO 15118 is refused. */
  readonly iso15118?: Iso15118Provider | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface OcppServer {
  /** Resolves when it listens. @throws the socket's error, e.g. EADDRINUSE */
  start(): Promise<void>;
  /** Takes no more connections and calls, answers those being handled, closes with 1001; drops the rest after `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
  /** The port it listens on without TLS; 0 before it does, or when it takes no connections without TLS. */
  readonly port: number;
  /** The port it listens on with TLS; 0 before it does, or when there is none. */
  readonly tlsPort: number;
  readonly link: ChargePointLink;
  /** A copy of what was counted since the start. */
  counters(): OcppCounters;
}

interface Admitted {
  readonly id: string;
  readonly version: OcppVersion;
  readonly booted: boolean;
}

/** Refusals that are admission's. */
const judged: ReadonlySet<UpgradeRefusal> = new Set(['unknown', 'unauthorized', 'insecure', 'limited']);

interface Refused {
  readonly why: UpgradeRefusal;
  readonly retryAfterS?: number | undefined;
}

/**
 * The socket side of charge points: `ws://HOST:PORT<pathPrefix>/<chargePointId>`, or `wss:` (OCPP-J 1.6 §3). What they report goes
 * to `events`; what is asked of them comes in by `link`.
 */
export function createOcppServer(deps: OcppServerDeps): OcppServer {
  const { events, clock, limits } = deps;
  const counting = createCounting();
  /** By id without case, as the store knows charge points. */
  const connections = new Map<string, Connection>();
  /** Connections whose socket is not closed yet, among them ones that were replaced. */
  const open = new Set<Connection>();
  /** Sockets whose charge point is being checked. */
  const upgrading = new Map<Duplex, Promise<void>>();
  /** Calls that are still being handled though their connection has ended. */
  const handling = new Map<string, Promise<void>>();
  const { upgradesPerSecond } = limits;
  const rate = createTokenBucket(upgradesPerSecond, upgradesPerSecond, () => toEpochMs(clock.now()));
  let stopping = false;

  const doorDeps = { host: deps.host, limits, clock, log: deps.log, onUpgrade };
  const plainDoor = deps.port === undefined ? undefined : createPlainDoor({ ...doorDeps, port: deps.port });
  const tlsDoor =
    deps.tls &&
    createTlsDoor({ ...doorDeps, ...deps.tls, onFailure: () => void (counting.connections.tlsFailed += 1) });
  const doors: readonly Door[] = [plainDoor, tlsDoor].filter((door) => door !== undefined);
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.maxFrameBytes,
    perMessageDeflate: false,
    handleProtocols: (offers) => negotiate(offers)?.offer ?? false,
  });

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    upgrading.set(
      socket,
      upgrade(request, socket, head).finally(() => upgrading.delete(socket)),
    );
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const id = chargePointIdOf(request.url ?? '', deps.pathPrefix);
    const remoteAddress = request.socket.remoteAddress ?? '';
    const log = deps.log.child({ chargePoint: id, remoteAddress });
    socket.on('error', (error) => log.debug({ reason: error.message }, 'socket failed during the upgrade'));
    const offers = offersOf(request);
    const version = offers.length > 0 ? negotiate(offers)?.version : versionWithoutOffer;
    const checked = await check(id, version, request, log);
    if ('why' in checked) {
      const { why, retryAfterS } = checked;
      counting.connections.refused[why] += 1;
      const path = id === undefined ? request.url?.slice(0, 200) : undefined;
      // what admission says no to it has logged, with more
      log[judged.has(why) ? 'debug' : 'warn']({ why, path }, 'charge point refused');
      if (why === 'protocol') closeWithoutProtocol(request, socket, head);
      else refuseUpgrade(socket, why, retryAfterS);
      return;
    }
    if (offers.length === 0) {
      counting.connections.withoutProtocol += 1;
      log.info({ taken: checked.version.protocol }, 'charge point offers no subprotocol');
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => accept(webSocket, checked, log));
  }

  /**
   * No subprotocol in common: the handshake is completed without Sec-WebSocket-Protocol, then the connection closed at
   * once (OCPP-J 1.6 §3.2).
   */
  function closeWithoutProtocol(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => undefined);
      webSocket.close(closeCodes.protocolError, 'no subprotocol in common');
    });
  }

  /** May this charge point come in? If not, why. */
  async function check(
    id: string | undefined,
    version: OcppVersion | undefined,
    request: IncomingMessage,
    log: Logger,
  ): Promise<Admitted | Refused> {
    if (id === undefined) return { why: 'path' };
    if (stopping) return { why: 'stopping' };
    if (!rate.take()) return { why: 'rate' };
    if (!version) return { why: 'protocol' };
    if (isFull(id)) return { why: 'full' };
    const admission: Admission = {
      chargePointId: id,
      credentials: credentialsOf(request.headers.authorization, id),
      secure: request.socket instanceof TLSSocket,
      certificate: peerCertificateOf(request.socket),
      remoteAddress: request.socket.remoteAddress ?? '',
    };
    // no frame is lost meanwhile: what comes stays in the socket until the handshake is complete
    const admitted = await admit(admission, log);
    switch (admitted.result) {
      case 'admitted':
        return isStopping() ? { why: 'stopping' } : { id, version, booted: admitted.booted };
      case 'limited':
        return { why: 'limited', retryAfterS: admitted.retryAfterS };
      case 'unknown':
      case 'unauthorized':
      case 'insecure':
      case 'timeout':
      case 'failed':
        return { why: admitted.result };
    }
  }

  /** A function, as it may change while admission is awaited. */
  const isStopping = (): boolean => stopping;

  /** A charge point that comes back replaces its old connection and so needs no place; others being checked have one. */
  const isFull = (id: string): boolean =>
    connections.size + upgrading.size >= limits.maxConnections && !connections.has(keyOf(id));

  function admit(
    admission: Admission,
    log: Logger,
  ): Promise<AdmissionResult | { readonly result: 'timeout' | 'failed' }> {
    return new Promise((resolve) => {
      const cancel = clock.after(limits.upgradeTimeoutMs, () => resolve({ result: 'timeout' }));
      events
        .admit(admission)
        .then(resolve, (error: unknown) => {
          log.error({ err: error }, 'admission failed');
          resolve({ result: 'failed' });
        })
        .finally(cancel);
    });
  }

  function accept(socket: WebSocket, { id, version, booted }: Admitted, log: Logger): void {
    const replaced = connections.get(keyOf(id));
    if (replaced) {
      counting.connections.replaced += 1;
      replaced.end(closeCodes.policy, 'replaced by a new connection');
    }
    // in order: what an old connection was handling, the connection itself, what comes on the new one
    const start = Promise.resolve(handling.get(keyOf(id))).then(() => events.connected(id, version.protocol));
    const connection = createConnection({
      socket,
      chargePointId: id,
      version,
      events,
      iso15118: deps.iso15118,
      clock,
      log,
      counting,
      limits,
      booted,
      start,
      onEnd() {
        counting.connections.open -= 1;
        if (connections.get(keyOf(id)) === connection) connections.delete(keyOf(id));
        const idle = connection.idle().then(() => {
          if (handling.get(keyOf(id)) === idle) handling.delete(keyOf(id));
        });
        handling.set(keyOf(id), idle);
        const report = (): void => {
          if (!connections.has(keyOf(id))) events.disconnected(id);
        };
        start.then(report, report).catch((error: unknown) => {
          log.error({ err: error }, 'disconnection could not be recorded');
        });
      },
    });
    connections.set(keyOf(id), connection);
    open.add(connection);
    socket.once('close', () => open.delete(connection));
    counting.connections.accepted += 1;
    counting.connections.open += 1;
    log.info({ protocol: version.protocol, booted }, 'charge point connected');
  }

  const link: ChargePointLink = {
    isConnected: (id) => connections.has(keyOf(id)),
    protocolOf: (id) => connections.get(keyOf(id))?.protocol,
    async send(id, command) {
      const connection = connections.get(keyOf(id));
      if (!connection) return { status: 'offline', message: 'the charge point is not connected' };
      return connection.send(command);
    },
    disconnect: (id, reason) => connections.get(keyOf(id))?.end(closeCodes.policy, reason.slice(0, 40)),
  };

  return {
    link,
    counters: () => structuredClone(counting),
    get port() {
      return plainDoor?.port ?? 0;
    },
    get tlsPort() {
      return tlsDoor?.port ?? 0;
    },
    async start() {
      for (const door of doors) await door.start();
    },
    async stop(timeoutMs) {
      stopping = true;
      const closed = Promise.all(doors.map((door) => door.close()));
      const drained = Promise.all([...upgrading.values(), ...[...open].map((connection) => connection.drain())]);
      await Promise.race([drained, new Promise<void>((resolve) => clock.after(timeoutMs, resolve))]);
      open.forEach((connection) => connection.terminate());
      [...upgrading.keys()].forEach((socket) => socket.destroy());
      doors.forEach((door) => door.drop());
      await closed;
    },
  };
}

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import type { Clock, Logger, TlsMaterial } from '../src/ports.js';
import type { OcppLimits, TlsOptions } from './options.js';
import { createTlsServer, secureContextOf } from './tls.js';

interface Deps {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  readonly limits: Pick<OcppLimits, 'upgradeTimeoutMs' | 'maxConnections'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** A port that charge points connect to. */
export interface Door {
  /** Resolves when it listens. @throws the socket's error, e.g. EADDRINUSE; what is wrong with its certificates */
  start(): Promise<void>;
  /** Takes no more connections; resolves when the last one is gone. */
  close(): Promise<void>;
  /** Drops those that are no WebSockets yet. */
  drop(): void;
  /** 0 before it listens. */
  readonly port: number;
}

const httpOptions = ({ upgradeTimeoutMs }: Deps['limits']) => ({
  requestTimeout: upgradeTimeoutMs,
  headersTimeout: upgradeTimeoutMs,
  connectionsCheckingInterval: Math.max(1, upgradeTimeoutMs / 4),
});

function createListener(deps: Deps, make: () => Promise<Server | TlsServer>): Door {
  let server: Server | TlsServer | undefined;

  async function open(): Promise<void> {
    const opened = await make();
    server = opened;
    // sockets that are replaced, refused or still in their handshake come on top of the charge points
    opened.maxConnections = 2 * deps.limits.maxConnections;
    opened.on('request', (_request, response) => {
      response.writeHead(426, { Upgrade: 'websocket', Connection: 'close', 'Content-Type': 'text/plain' });
      response.end('This is an OCPP endpoint: connect by WebSocket.');
    });
    opened.on('upgrade', deps.onUpgrade);
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject);
      opened.listen(deps.port, deps.host, () => {
        opened.off('error', reject);
        resolve();
      });
    });
  }

  return {
    start: open,
    close: () => new Promise((resolve) => (server ? server.close(() => resolve()) : resolve())),
    drop: () => server?.closeAllConnections(),
    get port() {
      return (server?.address() as AddressInfo | null | undefined)?.port ?? 0;
    },
  };
}

export const createPlainDoor = (deps: Deps): Door =>
  createListener(deps, async () => createServer(httpOptions(deps.limits)));

/** The same by TLS; its certificates are looked at anew now and then, as they are renewed while it runs. */
export function createTlsDoor(deps: Deps & TlsOptions & { readonly onFailure: () => void }): Door {
  const { clock, log, limits } = deps;
  let cancelReload = (): void => undefined;
  let closed = false;

  function scheduleReload(server: TlsServer, material: TlsMaterial): void {
    if (closed) return;
    cancelReload = clock.after(deps.reloadMs, () => {
      void deps
        .load()
        .then((fresh) => {
          if (isDeepStrictEqual(fresh, material)) return material;
          server.setSecureContext(secureContextOf(fresh));
          log.info('TLS certificates renewed');
          return fresh;
        })
        .catch((error: unknown) => {
          log.error({ err: error }, 'TLS certificates could not be renewed');
          return material;
        })
        .then((current) => scheduleReload(server, current));
    });
  }

  const door = createListener(deps, async () => {
    const material = await deps.load();
    const server = createTlsServer(material, limits.upgradeTimeoutMs, httpOptions(limits));
    server.on('tlsClientError', (error, { remoteAddress }) => {
      deps.onFailure();
      log.info({ remoteAddress, reason: error.message }, 'TLS handshake failed');
    });
    scheduleReload(server, material);
    return server;
  });
  return {
    start: () => door.start(),
    close() {
      closed = true;
      cancelReload();
      return door.close();
    },
    drop: () => door.drop(),
    get port() {
      return door.port;
    },
  };
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { PartnerRequests } from '../src/app/partner-requests.js';
import type { PartnerEndpoint } from '../src/domain/partner.js';
import type { Party } from '../src/domain/schema.js';
import type { Clock, Logger, Store } from '../src/ports.js';
import { notFound, refused, statusCode, type OcpiReply } from './envelope.js';
import { authenticated, moduleRouter, received, send, withoutMessageIds } from './serve.js';
import type { UrlPolicy } from './url-guard.js';
import { versionTable, type OcpiVersion } from './version-table.js';
import { detailsRoutes, versionsRoutes } from './versions/routes.js';

export interface OcpiServerLimits {
  /** Bytes of the largest request body. */
  readonly maxBodyBytes: number;
  /** Objects a page, whatever the caller asks for (X-Limit). */
  readonly maxPageSize: number;
  /** ms for a request to arrive in full. */
  readonly requestTimeoutMs: number;
}

export interface OcpiServerDeps {
  readonly store: Store;
  readonly requests: PartnerRequests;
  /** Base URL of this server as partners reach it, without `/ocpi`. */
  readonly publicUrl: string;
  /** The party that we are. */
  readonly party: Party;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: OcpiServerLimits;
  readonly urlPolicy: UrlPolicy;
  /** Can all that a request needs be used? What `/health` says. */
  readonly isReady: () => boolean;
}

export interface OcpiServer {
  readonly app: Express;
  /** Begins to listen; port 0 takes a free one. Resolves with the port. */
  listen(port: number, host: string): Promise<number>;
  /** Takes no new requests and waits for the running ones, `timeoutMs` at most. */
  close(timeoutMs: number): Promise<void>;
}

/** The URL that partners are told: GET it for the versions (OCPI 2.2.1 §6.1). */
export const versionsUrlOf = (publicUrl: string): string => `${withoutSlash(publicUrl)}/ocpi/versions`;

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** Serves partners over OCPI, in all versions of the table, and `GET /health`. */
export function createOcpiServer(deps: OcpiServerDeps): OcpiServer {
  const { clock, logger, publicUrl, limits } = deps;
  const base = `${withoutSlash(publicUrl)}/ocpi`;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);

  app.get('/health', (_request, response) => {
    const ready = deps.isReady();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'not ready' });
  });

  app.use(received);
  for (const { version, transport } of versionTable) {
    if (!transport.messageIds) app.use(`/ocpi/${version}`, withoutMessageIds);
  }
  app.use('/ocpi', authenticated(deps));
  const offered = versionTable.map(({ version }) => ({ version, url: `${base}/${version}` }));
  app.use('/ocpi/versions', moduleRouter(deps, versionsRoutes(offered)));
  for (const each of versionTable) serveVersion(each);
  app.use(unknownPath);
  app.use(failed);

  function serveVersion({ version, codec, transport, modules }: OcpiVersion): void {
    const versionUrl = `${base}/${version}`;
    const endpoints: PartnerEndpoint[] = modules.map(({ identifier, role }) => ({
      identifier,
      role,
      url: `${versionUrl}/${identifier}`,
    }));
    for (const { identifier, functional, routes } of modules) {
      const moduleDeps = { ...deps, version, codec, url: `${versionUrl}/${identifier}`, pageLimit: limits.maxPageSize };
      app.use(
        `/ocpi/${version}/${identifier}`,
        moduleRouter({ ...deps, ...(functional && { functional: transport }) }, routes(moduleDeps)),
      );
    }
    // after its modules, as its path is the beginning of theirs
    app.use(`/ocpi/${version}`, exactly(moduleRouter(deps, detailsRoutes(version, codec, endpoints))));
  }

  function unknownPath(_request: Request, response: Response): void {
    send(response, notFound('there is nothing at this path'), clock);
  }

  // express knows an error handler by its four parameters
  function failed(error: unknown, request: Request, response: Response, next: NextFunction): void {
    if (response.headersSent) {
      next(error);
      return;
    }
    const log = (): void => logger.error({ err: error, method: request.method }, 'request failed');
    send(response, replyToFailure(error, log), clock);
  }

  const { requestTimeoutMs } = limits;
  const timeouts = { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs };
  // node looks for requests that are late only this often
  const server = createServer({ ...timeouts, connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 2) }, app);
  return { app, listen: (port, host) => listen(server, port, host), close: (timeoutMs) => close(server, timeoutMs) };
}

/** Paths below a version that are no module's are not found, rather than the version's details. */
const exactly =
  (handler: RequestHandler): RequestHandler =>
  (request, response, next) =>
    request.path === '/' ? handler(request, response, next) : next();

/** What went wrong before or beside a route: the body, the path's escapes, or we. */
function replyToFailure(error: unknown, log: () => void): OcpiReply {
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 413) return refused(413, statusCode.clientError, 'the body is too large');
  if (status === 415) return refused(415, statusCode.clientError, 'the body is in an unsupported encoding');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return refused(400, statusCode.invalidParameters, 'the request is not valid HTTP with a JSON body');
  }
  log();
  // a failure of ours is no HTTP error (OCPI 2.2.1 §5)
  return refused(200, statusCode.serverError, 'internal error');
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: Server, timeoutMs: number): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

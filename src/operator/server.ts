import { timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { DomainError, type DomainErrorCode } from '../domain/errors.js';
import { sha256 } from '../domain/ids.js';
import type { Logger } from '../ports.js';
import { catalogueRoutes } from './catalogue.js';
import { chargePointRoutes } from './charge-points.js';
import type { OperatorDeps } from './deps.js';
import { partnerRoutes } from './partners.js';

export interface OperatorServer {
  /** Listens on 127.0.0.1; resolves with the port. */
  listen(port: number): Promise<number>;
  stop(): Promise<void>;
}

const statusOf = {
  'unknown-charge-point': 404,
  'unknown-location': 404,
  'unknown-evse': 404,
  'unknown-session': 404,
  'unknown-token': 404,
  'unknown-partner': 404,
  'unknown-object': 404,
  'invalid-input': 422,
  'not-registered': 409,
  'already-registered': 409,
  'charge-point-offline': 409,
  'not-supported': 501,
  'partner-unreachable': 502,
  'partner-refused': 502,
} as const satisfies Record<DomainErrorCode, number>;

/** The operator's HTTP API: what the CLI talks to. On this machine only, and only with the key of the data folder. */
export function createOperatorServer(deps: OperatorDeps): OperatorServer {
  const { key, isReady, logger } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.get('/health', (_request, response) => {
    response.status(isReady() ? 200 : 503).json({ ready: isReady() });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(deps.metrics.contentType).send(await deps.metrics.text());
  });
  app.use(authenticated(key));
  app.use(express.json({ limit: deps.maxBodyBytes }));
  app.use('/api/partners', partnerRoutes(deps));
  app.use('/api/charge-points', chargePointRoutes(deps));
  app.use('/api', catalogueRoutes(deps));
  app.use((request, response) => {
    response.status(404).json({ error: `there is nothing at ${request.method} ${request.path}` });
  });
  app.use(onError(logger));
  let server: Server | undefined;

  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        const listening = app.listen(port, '127.0.0.1', (error) => {
          if (error) reject(error);
          else resolve((listening.address() as AddressInfo).port);
        });
        server = listening;
      }),
    stop: () =>
      new Promise((resolve) => {
        if (!server) {
          resolve();
          return;
        }
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function authenticated(key: string): RequestHandler {
  const expected = Buffer.from(sha256(`Bearer ${key}`));
  return (request, response, next) => {
    const given = Buffer.from(sha256(request.get('authorization') ?? ''));
    if (timingSafeEqual(given, expected)) next();
    else
      response
        .status(401)
        .json({ error: 'the key of the data folder is needed: Authorization: Bearer <operator.key>' });
  };
}

const onError =
  (logger: Logger) =>
  (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof DomainError) {
      response.status(statusOf[error.code]).json({ error: error.message, code: error.code });
      return;
    }
    if (error instanceof z.ZodError) {
      response.status(422).json({ error: z.prettifyError(error), code: 'invalid-input' });
      return;
    }
    const status = statusFrom(error);
    if (status >= 500) logger.error({ err: error, path: request.path }, 'operator request failed');
    response.status(status).json({ error: error instanceof Error ? error.message : 'failed' });
  };

/** What express's own middleware says of a request that it refuses (a body that is no JSON, or too large). */
const statusFrom = (error: unknown): number =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;

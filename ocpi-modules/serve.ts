import express, { Router, type Request, type RequestHandler, type Response } from 'express';
import type { PartnerRequests } from '../src/app/partner-requests.js';
import { receivingParty } from '../src/domain/partner.js';
import type { Party } from '../src/domain/schema.js';
import type { Clock, Logger } from '../src/ports.js';
import { callerOf, type Caller } from './auth.js';
import { envelopeOf, refused, statusCode, type OcpiReply } from './envelope.js';
import { replyOf } from './errors.js';
import { isFor, messageIdHeaders, messageIdsOf, routingHeaders, routingOf, swapped } from './headers.js';
import type { Route } from './module.js';
import type { Transport } from './transport.js';

/** Turns HTTP requests into calls of routes, and their replies into HTTP responses. */

interface ServeDeps {
  readonly requests: PartnerRequests;
  readonly party: Party;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: { readonly maxBodyBytes: number };
}

const withBody = new Set(['POST', 'PUT', 'PATCH']);

/** Every answer bears the ids of its request (SUBTLE 28). */
export const received: RequestHandler = (request, response, next) => {
  response.set(messageIdHeaders(messageIdsOf(request.headers)));
  next();
};

/** Of versions that know no message ids, before anyone is authenticated. */
export const withoutMessageIds: RequestHandler = (_request, response, next) => {
  response.removeHeader('X-Request-ID');
  response.removeHeader('X-Correlation-ID');
  next();
};

/** Writes a reply in its envelope. */
export function send(response: Response, reply: OcpiReply, clock: Clock): void {
  if (reply.headers) response.set(reply.headers);
  response.status(reply.http ?? 200).json(envelopeOf(reply, clock.now()));
}

const unauthorized: OcpiReply = {
  ...refused(401, statusCode.clientError, 'the token is missing or not known'),
  headers: { 'WWW-Authenticate': 'Token' },
};

/** SUBTLE 3; before the body is read, so that strangers cost little. */
export function authenticated({ requests, clock, logger }: ServeDeps): RequestHandler {
  return async (request, response, next) => {
    const caller = await callerOf(request.headers.authorization, (token) => requests.authenticate(token));
    if (caller) {
      setCaller(response, caller);
      next();
      return;
    }
    logger.warn({ method: request.method, address: request.socket.remoteAddress }, 'request without a valid token');
    send(response, unauthorized, clock);
  };
}

const setCaller = (response: Response, caller: Caller): void => {
  response.locals['caller'] = caller;
};
const callerIn = (response: Response): Caller => response.locals['caller'] as Caller;

type ModuleServeDeps = ServeDeps & {
  /** The version's, in a functional module (SUBTLE 3, 25); the others are the same in all versions. */
  readonly functional?: Transport | undefined;
};

/** A router of one module's routes; a method that a path doesn't have is 405. */
export function moduleRouter(deps: ModuleServeDeps, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true });
  router.use(admitted(deps));
  router.use(jsonBody(deps.limits.maxBodyBytes));
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    for (const route of here) {
      router[lowerCase[route.method]](path, (request, response) => run(deps, route, request, response));
    }
    const allowed = here.map((route) => route.method).join(', ');
    router.all(path, (_request, response) =>
      send(
        response,
        { ...refused(405, statusCode.clientError, `only ${allowed} here`), headers: { Allow: allowed } },
        deps.clock,
      ),
    );
  }
  return router;
}

const lowerCase = {
  GET: 'get',
  POST: 'post',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
} as const satisfies Record<Route['method'], string>;

/** Functional modules are for registered partners, in messages for our party (SUBTLE 3, 24 to 26). */
function admitted({ functional, party, clock }: ModuleServeDeps): RequestHandler {
  return (request, response, next) => {
    if (!functional) {
      next();
      return;
    }
    const { partner } = callerIn(response);
    if (partner.status !== 'registered') {
      send(response, unauthorized, clock);
      return;
    }
    if (!functional.routing) {
      next();
      return;
    }
    const routing = routingOf(request.headers);
    response.set(routingHeaders(swapped(routing, party, receivingParty(partner))));
    if (isFor(routing, party)) {
      next();
      return;
    }
    send(response, refused(200, statusCode.invalidParameters, 'the OCPI-to party is not one of ours'), clock);
  };
}

/** Any content type will do, as long as it is JSON. */
function jsonBody(limit: number): RequestHandler {
  const parse: RequestHandler = express.json({ type: () => true, limit, strict: false });
  return (request, response, next) => (withBody.has(request.method) ? parse(request, response, next) : next());
}

async function run(deps: ModuleServeDeps, route: Route, request: Request, response: Response): Promise<void> {
  const caller = callerIn(response);
  const answer = await attempt(deps.logger, route, {
    ...caller,
    params: request.params as Record<string, string>,
    query: new URL(request.originalUrl, 'http://localhost').searchParams,
    body: request.body as unknown,
  });
  const unknownToken = answer.code === statusCode.unknownToken && deps.functional;
  const reply = unknownToken ? { ...answer, code: unknownToken.unknownTokenCode } : answer;
  send(response, reply, deps.clock);
  // the route, not the path: paths hold token uids
  deps.logger.debug(
    {
      partner: caller.partner.id,
      method: route.method,
      route: `${request.baseUrl}${route.path}`,
      http: reply.http ?? 200,
      code: reply.code ?? statusCode.success,
    },
    'request served',
  );
}

async function attempt(logger: Logger, route: Route, request: Parameters<Route['handle']>[0]): Promise<OcpiReply> {
  try {
    return await route.handle(request);
  } catch (error) {
    const reply = replyOf(error);
    if (reply) return reply;
    logger.error(
      { err: error, partner: request.partner.id, method: route.method, route: route.path },
      'request failed',
    );
    return refused(200, statusCode.serverError, 'internal error');
  }
}

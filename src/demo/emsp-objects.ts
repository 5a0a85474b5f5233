import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Json } from './emsp-peer.js';

/** What the CPO pushed, by `COUNTRY/PARTY/ID` in capitals as ids compare without case. */
export interface ReceivedObjects {
  readonly locations: ReadonlyMap<string, Json>;
  readonly sessions: ReadonlyMap<string, Json>;
  readonly tariffs: ReadonlyMap<string, Json>;
  /** In order of arrival. */
  readonly cdrs: readonly Json[];
}

type Mutable = Record<string, unknown>;

interface Reply {
  readonly http?: number;
  readonly code?: number;
  readonly message?: string;
  readonly data?: unknown;
  readonly headers?: Record<string, string>;
}

export function answer(response: Response, { http = 200, code = 1000, message, data, headers = {} }: Reply): void {
  response
    .status(http)
    .set(headers)
    .json({
      ...(data !== undefined && { data }),
      status_code: code,
      ...(message && { status_message: message }),
      timestamp: new Date().toISOString(),
    });
}

const notFound: Reply = { http: 404, code: 2000, message: 'not known here' };

const param = (request: Request, name: string): string => (request.params as Record<string, string>)[name] ?? '';
const keyOf = (request: Request): string =>
  ['country', 'party', 'id'].map((name) => param(request, name).toUpperCase()).join('/');
const sameId = (a: unknown, b: string): boolean => String(a).toUpperCase() === b.toUpperCase();

/** Receivers of locations, sessions, tariffs and CDRs (OCPI 2.2.1 §8.2.2, §9.2.2, §10.2.2, §11.2.2). */
export function createReceivers(cdrsUrl: () => string): { router: Router; objects: ReceivedObjects } {
  const locations = new Map<string, Mutable>();
  const sessions = new Map<string, Mutable>();
  const tariffs = new Map<string, Mutable>();
  const cdrs: Json[] = [];
  const router = Router();

  keepWhole(router, 'locations', locations);
  keepWhole(router, 'sessions', sessions);
  keepWhole(router, 'tariffs', tariffs);
  router.patch('/locations/:country/:party/:id', patch(whole(locations)));
  keepPart(router, '/locations/:country/:party/:id/:evse', locations, evseAt);
  keepPart(router, '/locations/:country/:party/:id/:evse/:connector', locations, connectorAt);
  router.patch('/sessions/:country/:party/:id', patchSession(sessions));
  router.delete('/tariffs/:country/:party/:id', (request, response) => {
    answer(response, tariffs.delete(keyOf(request)) ? {} : notFound);
  });
  router.post('/cdrs', (request, response) => {
    const cdr = request.body as Json;
    if (cdrs.some((known) => sameId(known['id'], String(cdr['id'])))) {
      answer(response, { code: 2001, message: 'this CDR already exists' });
      return;
    }
    cdrs.push(cdr);
    answer(response, { http: 201, headers: { Location: `${cdrsUrl()}/${encodeURIComponent(String(cdr['id']))}` } });
  });
  router.get('/cdrs/:id', (request, response) => {
    const found = cdrs.find((cdr) => sameId(cdr['id'], param(request, 'id')));
    answer(response, found ? { data: found } : notFound);
  });
  return { router, objects: { locations, sessions, tariffs, cdrs } };
}

function keepWhole(router: Router, module: string, objects: Map<string, Mutable>): void {
  router
    .route(`/${module}/:country/:party/:id`)
    .put((request, response) => {
      const body = request.body as Mutable;
      if (!sameId(body['id'], param(request, 'id'))) {
        answer(response, { code: 2001, message: 'the ids of URL and body differ' });
        return;
      }
      const isNew = !objects.has(keyOf(request));
      objects.set(keyOf(request), body);
      answer(response, { http: isNew ? 201 : 200 });
    })
    .get((request, response) => {
      const found = objects.get(keyOf(request));
      answer(response, found ? { data: found } : notFound);
    });
}

/** The objects that a URL names, outermost first; undefined when one is missing. */
type PathOf = (request: Request, location: Mutable) => readonly Mutable[] | undefined;

const whole =
  (objects: ReadonlyMap<string, Mutable>) =>
  (request: Request): readonly Mutable[] | undefined => {
    const found = objects.get(keyOf(request));
    return found && [found];
  };

const listIn = (of: Mutable, name: string): Mutable[] => (of[name] ??= []) as Mutable[];

function evseAt(request: Request, location: Mutable): readonly Mutable[] | undefined {
  const evse = listIn(location, 'evses').find((each) => sameId(each['uid'], param(request, 'evse')));
  return evse && [location, evse];
}

function connectorAt(request: Request, location: Mutable): readonly Mutable[] | undefined {
  const path = evseAt(request, location);
  const evse = path?.[1];
  if (!path || !evse) return undefined;
  const connector = listIn(evse, 'connectors').find((each) => sameId(each['id'], param(request, 'connector')));
  return connector && [...path, connector];
}

/** PATCH sets fields; last_updated moves in what is round the object too (OCPI 2.2.1 §8.2.2.3). */
const patch =
  (pathOf: (request: Request) => readonly Mutable[] | undefined): RequestHandler =>
  (request, response) => {
    const fields = request.body as Mutable;
    const path = pathOf(request);
    if (!path) answer(response, notFound);
    else if (fields['last_updated'] === undefined) {
      answer(response, { code: 2001, message: 'last_updated is missing' });
    } else {
      Object.assign(path.at(-1) ?? {}, fields);
      for (const each of path) each['last_updated'] = fields['last_updated'];
      answer(response, {});
    }
  };

function keepPart(router: Router, path: string, locations: ReadonlyMap<string, Mutable>, pathOf: PathOf): void {
  const find = (request: Request): readonly Mutable[] | undefined => {
    const location = locations.get(keyOf(request));
    return location && pathOf(request, location);
  };
  router
    .route(path)
    .patch(patch(find))
    .put((request, response) => {
      const target = find(request)?.at(-1);
      // a new part of a known object would need its place in it; the bridge sends those as whole locations
      if (!target) {
        answer(response, notFound);
        return;
      }
      for (const name of Object.keys(target)) Reflect.deleteProperty(target, name);
      Object.assign(target, request.body as Mutable);
      answer(response, {});
    })
    .get((request, response) => {
      const found = find(request)?.at(-1);
      answer(response, found ? { data: found } : notFound);
    });
}

/** Charging periods of a PATCH are appended (OCPI 2.2.1 §9.2.2.3). */
const patchSession =
  (sessions: ReadonlyMap<string, Mutable>): RequestHandler =>
  (request, response, next) => {
    const { charging_periods: added, ...fields } = request.body as Mutable;
    const session = sessions.get(keyOf(request));
    if (session && Array.isArray(added)) listIn(session, 'charging_periods').push(...(added as Mutable[]));
    request.body = fields;
    patch(whole(sessions))(request, response, next);
  };

import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { Router, type RequestHandler } from 'express';
import { answer, createReceivers, type ReceivedObjects } from './emsp-objects.js';
import { createCaller, endpointOf, type CpoAnswer, type Json, type Peer, type TokenEncoding } from './emsp-peer.js';
import { createRecorder, type RecordedRequest, type Recorder } from './emsp-recorder.js';
import { createTokenSender, type AuthorizeQuestion, type Verdict } from './emsp-tokens.js';

export interface SimulatedEmspOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** The versions that it speaks, the one that it registers in first; absent: 2.2.1 only. */
  readonly versions?: readonly ('2.3.0' | '2.2.1')[];
  /** How it writes tokens in the Authorization header, and the only way in which it reads them. */
  readonly tokenEncoding?: TokenEncoding;
  /** Of the party NL; absent: EMS. */
  readonly partyId?: string;
  /** Tokens a page of its list. */
  readonly pageSize?: number;
  /** Decides a real-time authorization; undefined leaves it to the token itself. */
  readonly verdictOf?: (question: AuthorizeQuestion) => Verdict | undefined;
}

/** A command that was sent to the CPO. */
export interface SentCommand {
  readonly answer: CpoAnswer;
  /** The CommandResult that the CPO posts later. @throws Error after `timeoutMs` */
  result(timeoutMs: number): Promise<Json>;
}

/** An eMSP that speaks OCPI 2.2.1 or 2.3.0 over real HTTP. It shares no code with the bridge's own OCPI side. */
export interface SimulatedEmsp {
  /** What a CPO is told to register here. */
  readonly versionsUrl: string;
  readonly tokenA: string;
  /** Undefined until registered. */
  readonly peer: Peer | undefined;
  readonly requests: readonly RecordedRequest[];
  readonly objects: ReceivedObjects;
  readonly waitFor: Recorder['waitFor'];
  /** Chooses a fault for each request from now on; undefined: none any more. */
  readonly setFaults: Recorder['setFaults'];
  /** Adds or replaces a token of its own list, without telling the CPO; returns it whole. */
  setToken(token: { readonly uid: string } & Json): Json;
  /** PUTs a token of its list to the CPO. */
  pushToken(uid: string): Promise<CpoAnswer>;
  /** Registers at a CPO that invited us. @throws Error when that fails */
  registerAt(versionsUrl: string, tokenA: string): Promise<void>;
  /** Updates the registration in another of its versions (PUT to its credentials). @throws Error when that fails */
  switchTo(version: string): Promise<void>;
  /** Takes the token of an update that was made by `call`. */
  setPeerToken(token: string): void;
  /** DELETEs the credentials at the CPO. */
  unregister(): Promise<CpoAnswer>;
  /** Calls one of the CPO's modules; `path` goes behind its URL, e.g. `/LOC1` or `?limit=2`. */
  call(method: string, identifier: string, path: string, body?: Json): Promise<CpoAnswer>;
  /** `fields`: those of the command but for the response_url; a `token` may be a uid of its list. */
  startSession(fields: { readonly token: string | Json } & Json): Promise<SentCommand>;
  stopSession(sessionId: string): Promise<SentCommand>;
  unlockConnector(fields: Json): Promise<SentCommand>;
  /** As startSession. */
  reserveNow(fields: { readonly token: string | Json } & Json): Promise<SentCommand>;
  cancelReservation(reservationId: string): Promise<SentCommand>;
  close(): Promise<void>;
}

const DEFAULT_PAGE_SIZE = 50;
const secret = (): string => randomBytes(24).toString('hex');

const modules = [
  ['credentials', 'SENDER'],
  ['locations', 'RECEIVER'],
  ['tariffs', 'RECEIVER'],
  ['sessions', 'RECEIVER'],
  ['cdrs', 'RECEIVER'],
  ['tokens', 'SENDER'],
  ['commands', 'SENDER'],
] as const;

/** Starts one; resolves when it listens on 127.0.0.1. */
export async function createSimulatedEmsp(options: SimulatedEmspOptions = {}): Promise<SimulatedEmsp> {
  const encoding = options.tokenEncoding ?? 'base64';
  const party = { countryCode: 'NL', partyId: options.partyId ?? 'EMS' };
  const offered = options.versions ?? ['2.2.1'];
  /** The version in which it is registered, or will be. */
  let version: string = offered[0] ?? '2.2.1';
  const caller = createCaller(encoding, party);
  const recorder = createRecorder();
  const tokens = new Map<string, Json>();
  const tokenA = secret();
  /** What the CPO must send us: TOKEN_A first, our credentials token once registered. */
  let accepted = tokenA;
  let peer: Peer | undefined;
  let base = '';

  const authenticate: RequestHandler = (request, response, next) => {
    const written = /^Token (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const token = encoding === 'base64' ? Buffer.from(written, 'base64').toString() : written;
    if (token === accepted) next();
    else answer(response, { http: 401, code: 2000, message: 'unknown token' });
  };

  const credentials = (token: string): Json => ({
    token,
    url: `${base}/ocpi/versions`,
    roles: [
      {
        role: 'EMSP',
        country_code: party.countryCode,
        party_id: party.partyId,
        business_details: { name: 'Simulated eMSP' },
      },
    ],
  });

  /** POST and PUT: calls back with their token, then gives a new one of ours. */
  const exchange: RequestHandler = async (request, response) => {
    const theirs = request.body as { token: string; url: string; roles: Json[] };
    // the URL's version is the one that they speak from now on
    version = request.baseUrl.split('/').at(-1) ?? version;
    const endpoints = await caller.discover(theirs.url, theirs.token, version);
    peer = { token: theirs.token, versionsUrl: theirs.url, endpoints, roles: theirs.roles };
    accepted = secret();
    answer(response, { data: credentials(accepted) });
  };

  function platform(): Router {
    const router = Router();
    router.get('/versions', (_request, response) => {
      answer(response, { data: offered.map((each) => ({ version: each, url: `${base}/ocpi/${each}` })) });
    });
    for (const each of offered) router.use(`/${each}`, versionRouter(each));
    return router;
  }

  function versionRouter(served: string): Router {
    const router = Router();
    router.get('/', (_request, response) => {
      const endpoints = modules.map(([identifier, role]) => ({ identifier, role, url: urlOf(identifier, served) }));
      answer(response, { data: { version: served, endpoints } });
    });
    router
      .route('/credentials')
      .get((_request, response) => {
        answer(response, { data: credentials(accepted) });
      })
      .post(exchange)
      .put(exchange)
      .delete((_request, response) => {
        peer = undefined;
        accepted = tokenA;
        answer(response, {});
      });
    router.post('/commands/:command/:id', (_request, response) => {
      answer(response, {});
    });
    router.use(receivers.router);
    router.use(
      createTokenSender({
        tokens,
        verdictOf: options.verdictOf ?? (() => undefined),
        tokensUrl: () => urlOf('tokens'),
        pageSize: options.pageSize ?? DEFAULT_PAGE_SIZE,
      }),
    );
    return router;
  }

  const urlOf = (identifier: string, of = version): string => `${base}/ocpi/${of}/${identifier}`;
  const receivers = createReceivers(() => urlOf('cdrs'));
  const app = express();
  app.use(express.json({ limit: '5mb' }));
  app.use(recorder.middleware);
  app.use('/ocpi', authenticate, platform());
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function known(): Peer {
    if (peer) return peer;
    throw new Error('the simulated eMSP is not registered with a CPO');
  }

  async function call(method: string, identifier: string, path: string, body?: Json): Promise<CpoAnswer> {
    const { token, endpoints } = known();
    return caller.call(method, `${endpointOf(endpoints, identifier)}${path}`, token, body);
  }

  async function command(name: string, fields: Json): Promise<SentCommand> {
    const path = `/ocpi/${version}/commands/${name}/${randomUUID()}`;
    return {
      answer: await call('POST', 'commands', `/${name}`, { ...fields, response_url: `${base}${path}` }),
      async result(timeoutMs) {
        return (await recorder.waitFor((request) => request.path === path, timeoutMs)).body as Json;
      },
    };
  }

  function tokenOf(uid: string): Json {
    const token = tokens.get(uid.toUpperCase());
    if (token) return token;
    throw new Error('the simulated eMSP has no such token');
  }

  const withToken = ({ token, ...fields }: { readonly token: string | Json } & Json): Json => ({
    ...fields,
    token: typeof token === 'string' ? tokenOf(token) : token,
  });

  return {
    versionsUrl: `${base}/ocpi/versions`,
    tokenA,
    get peer() {
      return peer;
    },
    requests: recorder.requests,
    objects: receivers.objects,
    waitFor: recorder.waitFor,
    setFaults: recorder.setFaults,
    setToken(fields) {
      const token = {
        country_code: party.countryCode,
        party_id: party.partyId,
        type: 'RFID',
        contract_id: `NL-${party.partyId}-${fields.uid}`.slice(0, 36),
        issuer: 'Simulated eMSP',
        valid: true,
        whitelist: 'NEVER',
        last_updated: new Date().toISOString(),
        ...fields,
      };
      tokens.set(fields.uid.toUpperCase(), token);
      return token;
    },
    async pushToken(uid) {
      const token = tokenOf(uid);
      const path = [party.countryCode, party.partyId, uid].map(encodeURIComponent).join('/');
      return call('PUT', 'tokens', `/${path}?type=${String(token['type'])}`, token);
    },
    async registerAt(versionsUrl, theirTokenA) {
      const endpoints = await caller.discover(versionsUrl, theirTokenA, version);
      // while the POST is open the CPO already calls back with this one (OCPI 2.2.1 §7.1.1)
      const before = accepted;
      accepted = secret();
      const done = await caller.call('POST', endpointOf(endpoints, 'credentials'), theirTokenA, credentials(accepted));
      const theirs = done.body['data'] as { token: string; url: string; roles: Json[] } | undefined;
      if (!theirs) {
        accepted = before;
        throw new Error(`registration failed: HTTP ${done.http}, ${JSON.stringify(done.body)}`);
      }
      peer = { token: theirs.token, versionsUrl: theirs.url, endpoints, roles: theirs.roles };
    },
    async switchTo(other) {
      const { token, versionsUrl } = known();
      const endpoints = await caller.discover(versionsUrl, token, other);
      const before = accepted;
      accepted = secret();
      const done = await caller.call('PUT', endpointOf(endpoints, 'credentials'), token, credentials(accepted));
      const theirs = done.body['data'] as { token: string; url: string; roles: Json[] } | undefined;
      if (!theirs) {
        accepted = before;
        throw new Error(`update failed: HTTP ${done.http}, ${JSON.stringify(done.body)}`);
      }
      version = other;
      peer = { token: theirs.token, versionsUrl: theirs.url, endpoints, roles: theirs.roles };
    },
    setPeerToken(token) {
      peer = { ...known(), token };
    },
    async unregister() {
      const done = await call('DELETE', 'credentials', '');
      peer = undefined;
      accepted = tokenA;
      return done;
    },
    call,
    startSession: (fields) => command('START_SESSION', withToken(fields)),
    reserveNow: (fields) => command('RESERVE_NOW', withToken(fields)),
    cancelReservation: (reservationId) => command('CANCEL_RESERVATION', { reservation_id: reservationId }),
    stopSession: (sessionId) => command('STOP_SESSION', { session_id: sessionId }),
    unlockConnector: (fields) => command('UNLOCK_CONNECTOR', fields),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

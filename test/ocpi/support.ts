import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createOcpiServer } from '../../ocpi-modules/server.js';
import type { PartnerRequests } from '../../src/app/partner-requests.js';
import { DomainError } from '../../src/domain/errors.js';
import { keyOf } from '../../src/domain/ids.js';
import type { Partner } from '../../src/domain/partner.js';
import { tokenKey, type Token } from '../../src/domain/token.js';
import { createSqliteStore } from '../../src/storage/sqlite/store.js';
import type { Kind, Kinds, Logger, Store } from '../../src/ports.js';
import { aPartner } from '../support/documents.js';
import { createFakeClock, type FakeClock } from '../support/fake-clock.js';

export const logger = pino({ level: 'silent' });
export const party = { countryCode: 'NL', partyId: 'RBR' };

/** Tokens of the partners of a {@link TestServer}: `ems` is registered, `new` has a TOKEN_A, `old` unregistered. */
export const partnerTokens = {
  ems: 'token-of-ems',
  other: 'token-of-other',
  new: 'token-a-of-new',
  old: 'token-of-old',
};

/** What the fake use cases were asked, newest last. */
export interface Asked {
  readonly what: string;
  readonly partner: string;
  readonly details: unknown;
}

export interface TestServer {
  readonly base: string;
  readonly store: Store;
  readonly clock: FakeClock;
  readonly asked: readonly Asked[];
  readonly tokens: Map<string, Token>;
  setReady(ready: boolean): void;
  /** What the next use case does instead of its own. */
  readonly failNext: (error: Error) => void;
  put<K extends Kind>(kind: K, id: string, body: Kinds[K]): Promise<void>;
  close(): Promise<void>;
}

/** A server over a real store; what partners ask is answered by a fake that writes down what it was asked. */
export async function startServer(
  limits: { maxBodyBytes?: number; maxPageSize?: number } = {},
  log: Logger = logger,
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'roambridge-ocpi-'));
  const clock = createFakeClock();
  const store = createSqliteStore({
    file: join(folder, 'test.db'),
    clock,
    logger,
    busyTimeoutMs: 1000,
    maxBatch: 100,
    cachedDocuments: 10,
  });
  const fake = fakeRequests();
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  let ready = true;
  const server = createOcpiServer({
    store,
    requests: fake.requests,
    publicUrl: `${base}/`,
    party,
    clock,
    logger: log,
    limits: { maxBodyBytes: 10_000, maxPageSize: 2, requestTimeoutMs: 5_000, ...limits },
    urlPolicy: { allowPrivateNetworks: true },
    isReady: () => ready,
  });
  await server.listen(port, '127.0.0.1');
  return {
    base,
    store,
    clock,
    asked: fake.asked,
    tokens: fake.tokens,
    setReady(next) {
      ready = next;
    },
    failNext: fake.failNext,
    async put(kind, id, body) {
      const revision = (await store.get(kind, keyOf(id)))?.revision ?? 0;
      await store.save(kind, { id: keyOf(id), revision, body });
    },
    async close() {
      await server.close(0);
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const partners: Readonly<Record<string, Partner>> = {
  [partnerTokens.ems]: aPartner(),
  [partnerTokens.other]: aPartner({ id: 'other', name: 'Another eMSP' }),
  [partnerTokens.new]: aPartner({ id: 'new', status: 'invited', connection: undefined }),
  [partnerTokens.old]: aPartner({ id: 'old', status: 'unregistered', connection: undefined }),
};

function fakeRequests() {
  const asked: Asked[] = [];
  const tokens = new Map<string, Token>();
  let failure: Error | undefined;
  const note = (what: string, partner: Partner, details?: unknown): void => {
    const error = failure;
    failure = undefined;
    if (error) throw error;
    asked.push({ what, partner: partner.id, details });
  };
  const ours = (token: string) => ({
    token,
    versionsUrl: 'http://127.0.0.1/ocpi/versions',
    roles: [{ role: 'CPO', ...party, businessDetails: { name: 'Roambridge operator' } }],
  });
  const accepted = { result: 'ACCEPTED', timeoutS: 30 } as const;
  const keyed = (key: { countryCode: string; partyId: string; uid: string; type: string }): string =>
    tokenKey({ country_code: key.countryCode, party_id: key.partyId, uid: key.uid, type: key.type });
  const tokenAt = (key: Parameters<typeof keyed>[0]): Token => {
    const found = tokens.get(keyed(key));
    if (found) return found;
    throw new DomainError('unknown-token', 'the token is not known');
  };
  const requests: PartnerRequests = {
    authenticate: async (token) => partners[token],
    registration: {
      credentials: (_partner, current) => ours(current),
      async register(partner, version, theirs) {
        note('register', partner, { version, theirs });
        return ours('token-c');
      },
      async update(partner, version, theirs) {
        note('update', partner, { version, theirs });
        return ours('token-d');
      },
      async unregister(partner) {
        note('unregister', partner);
      },
    },
    tokens: {
      get: async (_partner, key) => tokenAt(key),
      async put(partner, token) {
        note('putToken', partner, token);
        const isNew = !tokens.has(tokenKey(token));
        tokens.set(tokenKey(token), token);
        return isNew ? 'created' : 'updated';
      },
      async patch(partner, key, fields) {
        const current = tokenAt(key);
        note('patchToken', partner, fields);
        tokens.set(keyed(key), { ...current, ...fields });
      },
    },
    commands: {
      async startSession(partner, request) {
        note('startSession', partner, request);
        return accepted;
      },
      async stopSession(partner, request) {
        note('stopSession', partner, request);
        return accepted;
      },
      async unlockConnector(partner, request) {
        note('unlockConnector', partner, request);
        return accepted;
      },
      async reserveNow(partner, request) {
        note('reserveNow', partner, request);
        return accepted;
      },
      async cancelReservation(partner, request) {
        note('cancelReservation', partner, request);
        return accepted;
      },
    },
  };
  return {
    requests,
    asked,
    tokens,
    failNext: (error: Error): void => {
      failure = error;
    },
  };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly data?: unknown;
    readonly status_code: number;
    readonly status_message?: string;
    readonly timestamp: string;
  };
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Sends a request as the partner `ems`, unless the headers say otherwise. */
export async function send(
  method: string,
  url: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Token ${base64(partnerTokens.ems)}`, Connection: 'close', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as HttpAnswer['body'] };
}

/** An HTTP server that answers as a test says, for what partners do wrong. */
export async function startScripted(
  handle: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => handle(request, response, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import express, { Router, type Response } from 'express';
import { createRecorder, type Recorder } from '../../src/demo/emsp-recorder.js';
import type { Json } from './bridge.js';

/** An answer of the CPO. */
export interface Answer {
  readonly http: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Json;
}

/** An eMSP that speaks OCPI 2.1.1 and nothing later, and shares no code with the bridge's own OCPI side. */
export interface OldEmsp {
  readonly versionsUrl: string;
  readonly tokenA: string;
  readonly requests: Recorder['requests'];
  readonly waitFor: Recorder['waitFor'];
  /** What the CPO put here, by the path behind the module, as `sessions/NL/RBR/ID`; CDRs by `cdrs/ID`. */
  readonly objects: ReadonlyMap<string, Json>;
  /** The CPO's credentials, once registered. */
  readonly theirs: Json | undefined;
  /** Adds a token to its own list; whole, as 2.1.1 writes it. */
  setToken(fields: { readonly uid: string } & Json): Json;
  registerAt(versionsUrl: string, tokenA: string): Promise<void>;
  call(method: string, module: string, path: string, body?: Json): Promise<Answer>;
  /** Sends a command; its result arrives at the path that is given back. */
  command(name: string, fields: Json): Promise<{ answer: Answer; resultPath: string }>;
  close(): Promise<void>;
}

const secret = (): string => randomBytes(24).toString('hex');
const party = { country_code: 'NL', party_id: 'OLD' };
const received = ['locations', 'tariffs', 'sessions'] as const;
const modules = ['credentials', ...received, 'cdrs', 'tokens', 'commands'];

const answer = (response: Response, data: unknown, http = 200, code = 1000): void => {
  response.status(http).json({ data, status_code: code, timestamp: new Date().toISOString() });
};

/** Starts one on 127.0.0.1. Every request must bear its token as it is, without base64. */
export async function createOldEmsp(): Promise<OldEmsp> {
  const recorder = createRecorder();
  const tokens = new Map<string, Json>();
  const objects = new Map<string, Json>();
  const tokenA = secret();
  let accepted = tokenA;
  let theirs: Json | undefined;
  let endpoints: readonly Json[] = [];
  let base = '';

  async function request(method: string, url: string, token: string, body?: Json): Promise<Answer> {
    const { status, headers, data } = await axios.request<Json>({
      method,
      url,
      ...(body && { data: body }),
      headers: { Authorization: `Token ${token}` },
      proxy: false,
      validateStatus: () => true,
    });
    return { http: status, headers: Object.fromEntries(Object.entries(headers)), body: data };
  }

  async function discover(versionsUrl: string, token: string): Promise<void> {
    const offered = (await request('GET', versionsUrl, token)).body['data'] as readonly Json[];
    const chosen = offered.find(({ version }) => version === '2.1.1');
    const details = (await request('GET', String(chosen?.['url']), token)).body['data'] as Json;
    endpoints = details['endpoints'] as readonly Json[];
  }

  const urlOf = (module: string): string => String(endpoints.find(({ identifier }) => identifier === module)?.['url']);
  const credentials = (token: string): Json => ({
    token,
    url: `${base}/versions`,
    business_details: { name: 'eMSP of 2.1.1' },
    ...party,
  });

  const router = Router();
  router.get('/versions', (_request, response) => answer(response, [{ version: '2.1.1', url: `${base}/2.1.1` }]));
  router.get('/2.1.1', (_request, response) =>
    answer(response, {
      version: '2.1.1',
      endpoints: modules.map((identifier) => ({ identifier, url: `${base}/2.1.1/${identifier}` })),
    }),
  );
  router
    .route('/2.1.1/credentials')
    .post(async ({ body }, response) => {
      theirs = body as Json;
      await discover(String(theirs['url']), String(theirs['token']));
      accepted = secret();
      answer(response, credentials(accepted));
    })
    .delete((_request, response) => answer(response, undefined));
  for (const module of received) {
    router
      .route(`/2.1.1/${module}/:country/:party/:id{/:evse}`)
      .put(({ path, body }, response) => {
        objects.set(path.replace('/2.1.1/', ''), body as Json);
        answer(response, undefined, 201);
      })
      .patch(({ path, body }, response) => {
        const key = path.replace('/2.1.1/', '');
        objects.set(key, { ...objects.get(key), ...(body as Json) });
        answer(response, undefined);
      })
      .delete((_request, response) => answer(response, undefined));
  }
  router.post('/2.1.1/cdrs', ({ body }, response) => {
    const cdr = body as { id: string } & Json;
    objects.set(`cdrs/${cdr.id}`, cdr);
    response.set('Location', `${base}/2.1.1/cdrs/${cdr.id}`);
    answer(response, undefined, 201);
  });
  router.get('/2.1.1/tokens', (_request, response) => answer(response, [...tokens.values()]));
  router.post('/2.1.1/tokens/:uid/authorize', ({ params, body }, response) => {
    // case counts, and there is no code for a token that is not known
    const token = tokens.get(params.uid);
    if (!token) answer(response, undefined, 404, 2000);
    else answer(response, { allowed: token['valid'] === true ? 'ALLOWED' : 'BLOCKED', location: body as Json });
  });
  router.post('/2.1.1/commands/:command/:id', (_request, response) => answer(response, undefined));

  const app = express();
  app.use(express.json({ limit: '1mb' }));
  app.use(recorder.middleware);
  app.use((incoming, response, next) => {
    if (incoming.headers.authorization === `Token ${accepted}`) next();
    else answer(response, undefined, 401, 2000);
  });
  app.use(router);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const call: OldEmsp['call'] = (method, module, path, body) =>
    request(method, urlOf(module) + path, String(theirs?.['token']), body);

  return {
    versionsUrl: `${base}/versions`,
    tokenA,
    requests: recorder.requests,
    waitFor: recorder.waitFor,
    objects,
    get theirs() {
      return theirs;
    },
    setToken(fields) {
      const token = {
        type: 'RFID',
        auth_id: `NL-OLD-${fields.uid}`,
        issuer: 'eMSP of 2.1.1',
        valid: true,
        whitelist: 'NEVER',
        last_updated: new Date().toISOString(),
        ...fields,
      };
      tokens.set(fields.uid, token);
      return token;
    },
    async registerAt(versionsUrl, theirTokenA) {
      await discover(versionsUrl, theirTokenA);
      accepted = secret();
      const done = await request('POST', urlOf('credentials'), theirTokenA, credentials(accepted));
      if (done.body['status_code'] !== 1000) throw new Error(`registration failed: ${JSON.stringify(done.body)}`);
      theirs = done.body['data'] as Json;
    },
    call,
    async command(name, fields) {
      const resultPath = `/2.1.1/commands/${name}/${randomUUID()}`;
      const sent = await call('POST', 'commands', `/${name}`, { ...fields, response_url: base + resultPath });
      return { answer: sent, resultPath };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

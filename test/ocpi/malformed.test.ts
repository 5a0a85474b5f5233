import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { aCdr, aLocation, aSession, aTariff, aToken, at } from '../support/documents.js';
import { send, startServer, type TestServer } from './support.js';

/** Requests that a partner gets wrong: each is answered exactly so, and changes nothing. */

const token = aToken({ uid: 'C1' });
const tokenUrl = '/2.2.1/tokens/NL/EMS/C1';
const response_url = 'https://emsp.example/x';
const start = { response_url, token, location_id: 'L1' };
const credentials = {
  token: 'b',
  url: 'https://emsp.example/ocpi/versions',
  roles: [{ role: 'EMSP', country_code: 'NL', party_id: 'EMS', business_details: { name: 'E' } }],
};

interface Row {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly http: number;
  readonly code: number;
}

const row = (name: string, method: string, path: string, http: number, code: number, body?: unknown): Row => ({
  name,
  method,
  path,
  http,
  code,
  body,
});

const rows: readonly Row[] = [
  row('JSON that ends too early', 'PUT', tokenUrl, 400, 2001, '{"uid":'),
  row('no JSON at all', 'PUT', tokenUrl, 400, 2001, 'uid=C1&valid=true'),
  row('a body of spaces', 'PUT', tokenUrl, 400, 2001, '   '),
  row('a body over the limit', 'PUT', tokenUrl, 413, 2000, JSON.stringify({ ...token, issuer: 'x'.repeat(20_000) })),
  {
    ...row('an encoding that no one knows', 'PUT', tokenUrl, 415, 2000, token),
    headers: { 'Content-Encoding': 'rot13' },
  },
  {
    ...row('a character set that no one knows', 'PUT', tokenUrl, 415, 2000, token),
    headers: { 'Content-Type': 'application/json; charset=klingon' },
  },
  row('a broken escape in the path', 'GET', '/2.2.1/locations/%E0%A4%A', 400, 2001),
  row('no body', 'PUT', tokenUrl, 200, 2001),
  row('null for an object', 'PUT', tokenUrl, 200, 2001, 'null'),
  row('a list for an object', 'PUT', tokenUrl, 200, 2001, [token]),
  row('a number for an object', 'PUT', tokenUrl, 200, 2001, '42'),
  row('a token without issuer', 'PUT', tokenUrl, 200, 2001, { ...token, issuer: undefined }),
  row('a token that is valid "yes"', 'PUT', tokenUrl, 200, 2001, { ...token, valid: 'yes' }),
  row('a token of an unknown type', 'PUT', tokenUrl, 200, 2001, { ...token, type: 'EMAID' }),
  row('a token with an unknown whitelist', 'PUT', tokenUrl, 200, 2001, { ...token, whitelist: 'SOMETIMES' }),
  row('a uid of 37 characters', 'PUT', `/2.2.1/tokens/NL/EMS/${'u'.repeat(37)}`, 200, 2001, {
    ...token,
    uid: 'u'.repeat(37),
  }),
  row('a uid that is not ASCII', 'PUT', '/2.2.1/tokens/NL/EMS/%C3%BC', 200, 2001, { ...token, uid: 'ü' }),
  row('a country of three letters', 'PUT', '/2.2.1/tokens/NLD/EMS/C1', 200, 2001, { ...token, country_code: 'NLD' }),
  row('last_updated that is no time', 'PUT', tokenUrl, 200, 2001, { ...token, last_updated: 'yesterday' }),
  row('another uid in the URL', 'PUT', '/2.2.1/tokens/NL/EMS/C2', 200, 2001, token),
  row('another type in the URL', 'PUT', `${tokenUrl}?type=OTHER`, 200, 2001, token),
  row('PATCH without last_updated', 'PATCH', tokenUrl, 200, 2001, { valid: false }),
  row('PATCH with a wrong type', 'PATCH', tokenUrl, 200, 2001, { valid: 0, last_updated: at() }),
  row('PATCH of another uid', 'PATCH', tokenUrl, 200, 2001, { uid: 'C2', last_updated: at() }),
  row('PATCH of an unknown token', 'PATCH', '/2.2.1/tokens/NL/EMS/C9', 404, 2004, { valid: false, last_updated: at() }),
  row('a start without token', 'POST', '/2.2.1/commands/START_SESSION', 200, 2001, { ...start, token: undefined }),
  row('a start with a connector but no EVSE', 'POST', '/2.2.1/commands/START_SESSION', 200, 2001, {
    ...start,
    connector_id: '1',
  }),
  row('a start without response_url', 'POST', '/2.2.1/commands/START_SESSION', 200, 2001, {
    ...start,
    response_url: undefined,
  }),
  row('a response_url that is no URL', 'POST', '/2.2.1/commands/START_SESSION', 200, 2001, {
    ...start,
    response_url: 'emsp.example/x',
  }),
  row('a response_url that is no web address', 'POST', '/2.2.1/commands/START_SESSION', 200, 2001, {
    ...start,
    response_url: 'file:///etc/passwd',
  }),
  row('a response_url elsewhere', 'POST', '/2.2.1/commands/STOP_SESSION', 200, 2001, {
    response_url: 'https://evil.example/x',
    session_id: 's1',
  }),
  row('a stop without session', 'POST', '/2.2.1/commands/STOP_SESSION', 200, 2001, { response_url }),
  row('an unlock without connector', 'POST', '/2.2.1/commands/UNLOCK_CONNECTOR', 200, 2001, {
    response_url,
    location_id: 'L1',
    evse_uid: 'E',
  }),
  row('an unknown command', 'POST', '/2.2.1/commands/SELF_DESTRUCT', 404, 2001, { response_url }),
  row('a command named after an object’s own', 'POST', '/2.2.1/commands/constructor', 404, 2001, { response_url }),
  row('credentials without roles', 'POST', '/2.2.1/credentials', 200, 2001, { ...credentials, roles: [] }),
  row('credentials with a space in the token', 'POST', '/2.2.1/credentials', 200, 2001, {
    ...credentials,
    token: 'a b',
  }),
  row('credentials with a token of 65', 'PUT', '/2.2.1/credentials', 200, 2001, {
    ...credentials,
    token: 'x'.repeat(65),
  }),
  row('credentials with an unknown role', 'PUT', '/2.2.1/credentials', 200, 2001, {
    ...credentials,
    roles: [{ ...credentials.roles[0], role: 'BOSS' }],
  }),
  row('limit that is no number', 'GET', '/2.2.1/locations?limit=many', 200, 2001),
  row('limit 0', 'GET', '/2.2.1/locations?limit=0', 200, 2001),
  row('a negative offset', 'GET', '/2.2.1/cdrs?offset=-1', 200, 2001),
  row('date_from that is no time', 'GET', '/2.2.1/tariffs?date_from=2024', 200, 2001),
  row('date_to that is no time', 'GET', '/2.2.1/locations?date_to=31-12-2024', 200, 2001),
  row('sessions without date_from', 'GET', '/2.2.1/sessions?limit=1', 200, 2001),
  row('a path that is nothing', 'GET', '/2.2.1/parking', 404, 2000),
  row('a path below a module that is nothing', 'GET', '/2.2.1/cdrs/1/2/3', 404, 2000),
  row('a version that we do not speak', 'GET', '/2.0/locations', 404, 2000),
  row('POST of a location', 'POST', '/2.2.1/locations', 405, 2000, aLocation()),
  row('DELETE of a token', 'DELETE', tokenUrl, 405, 2000),
  row('DELETE of a location', 'DELETE', '/2.2.1/locations/L1', 405, 2000),
  row('PUT of a CDR', 'PUT', '/2.2.1/cdrs', 405, 2000, {}),
  row('GET of a command', 'GET', '/2.2.1/commands/START_SESSION', 405, 2000),
  row('POST to versions', 'POST', '/versions', 405, 2000, {}),
];

describe('malformed requests', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    await server.put('location', 'L1', aLocation({ id: 'L1' }));
    await server.put('tariff', 'T1', { tariff: aTariff(), removed: false });
    await server.put('session', 's1', aSession({ id: 's1' }));
    await server.put('cdr', 'c1', aCdr({ id: 'c1' }));
    await send('PUT', `${server.base}/ocpi${tokenUrl}`, { body: token });
  });
  after(() => server.close());

  const state = async (): Promise<unknown> => [
    await server.store.find('location'),
    await server.store.find('tariff'),
    await server.store.find('session'),
    await server.store.find('cdr'),
    [...server.tokens],
    server.asked.length,
  ];

  for (const { name, method, path, body, headers, http, code } of rows) {
    test(`${name}: HTTP ${http} with ${code}, and nothing changed`, async () => {
      const earlier = await state();
      const answer = await send(method, `${server.base}/ocpi${path}`, {
        body,
        headers: { 'Content-Type': 'application/json', ...headers },
      });
      assert.deepEqual([answer.status, answer.body.status_code], [http, code], answer.body.status_message);
      assert.equal(answer.body.data, undefined);
      assert.ok(answer.body.timestamp);
      assert.deepEqual(await state(), earlier);
    });
  }

  test('another content type is no fault when it is JSON', async () => {
    const answer = await send('PUT', `${server.base}/ocpi${tokenUrl}`, {
      body: token,
      headers: { 'Content-Type': 'text/plain' },
    });
    assert.deepEqual([answer.status, answer.body.status_code], [200, 1000]);
  });

  test('a wrong method says which are right', async () => {
    const answer = await send('DELETE', `${server.base}/ocpi${tokenUrl}`);
    assert.equal(answer.headers.get('allow'), 'GET, PUT, PATCH');
  });
});

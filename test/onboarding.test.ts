import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import axios from 'axios';
import { createSimulatedEmsp, type SimulatedEmsp } from '../src/demo/emsp.js';
import { createLogger, startBridge, type Bridge } from '../src/main.js';
import { newDataDir, operatorOf, testConfig, testSite, until, type Json, type Operator } from './support/bridge.js';

const authorization = (token: string): Json => ({ Authorization: `Token ${Buffer.from(token).toString('base64')}` });

async function get(url: string, token: string): Promise<{ status: number; body: Json }> {
  const { status, data } = await axios.get<Json>(url, {
    headers: authorization(token) as Record<string, string>,
    proxy: false,
    validateStatus: () => true,
  });
  return { status, body: data };
}

describe('partners come and go', () => {
  const dataDir = newDataDir();
  let bridge: Bridge;
  let operator: Operator;
  let emsp: SimulatedEmsp;

  const partners = async () => (await operator('GET', '/api/partners')).data as readonly Json[];
  const invite = async (name: string) =>
    (await operator('POST', '/api/partners/invite', { name })).data as { tokenA: string; versionsUrl: string };

  before(async () => {
    const config = testConfig(dataDir);
    bridge = await startBridge(config, createLogger(config));
    operator = operatorOf(bridge.operatorPort, bridge.operatorKey);
    await operator('POST', '/api/import', testSite());
    emsp = await createSimulatedEmsp({ pageSize: 3 });
    for (let number = 1; number <= 10; number += 1) emsp.setToken({ uid: `CARD-${number}` });
  });
  after(async () => {
    await bridge.stop();
    await emsp.close();
    rmSync(dataDir, { recursive: true });
  });

  it('an invited partner may see versions and credentials, and nothing else (SUBTLE 3)', async () => {
    const { tokenA, versionsUrl } = await invite('eMSP');
    const versions = await get(versionsUrl, tokenA);
    assert.equal(versions.status, 200);
    const [version] = versions.body['data'] as readonly { version: string; url: string }[];
    assert.equal(version?.version, '2.3.0', 'best first');
    const details = (await get(version.url, tokenA)).body['data'] as { endpoints: readonly Json[] };
    const urlOf = (module: string): string =>
      String(details.endpoints.find(({ identifier }) => identifier === module)?.['url']);
    assert.equal((await get(urlOf('credentials'), tokenA)).status, 200);
    for (const module of ['locations', 'sessions', 'cdrs', 'tariffs']) {
      assert.equal((await get(urlOf(module), tokenA)).status, 401, module);
    }
    assert.equal((await get(versionsUrl, 'nobody')).status, 401);

    await emsp.registerAt(versionsUrl, tokenA);
    assert.equal((await get(versionsUrl, tokenA)).status, 401, 'TOKEN_A is dead once it was used (SUBTLE 4)');
    const [partner] = await partners();
    assert.equal(partner?.['status'], 'registered');
    assert.equal(emsp.peer?.roles[0]?.['role'], 'CPO');
  });

  it('its tokens are fetched, page by page', async () => {
    const tokens = await until(async () => {
      const { data } = await operator('GET', '/api/tokens');
      return (data as readonly Json[]).length === 10 && (data as readonly Json[]);
    }, 'ten tokens');
    assert.ok(tokens.some(({ uid }) => uid === 'CARD-10'));
    const pages = emsp.requests.filter(({ method, path }) => method === 'GET' && path.includes('/tokens'));
    assert.equal(pages.length, 4);
  });

  it('it gets all locations and tariffs', async () => {
    await until(() => emsp.objects.locations.size === 1 && emsp.objects.tariffs.size === 1, 'the site');
  });

  it('registering again is 405, updating gives a new token (SUBTLE 6, 7)', async () => {
    const before = emsp.peer?.token ?? '';
    const ours = (await emsp.call('GET', 'credentials', '')).body['data'] as Json;
    assert.equal(ours['url'], bridge.versionsUrl);
    const roles = [{ role: 'EMSP', country_code: 'NL', party_id: 'EMS', business_details: { name: 'Simulated eMSP' } }];
    const wrong = { token: 'not-what-it-takes', url: emsp.versionsUrl, roles };
    assert.equal((await emsp.call('POST', 'credentials', '', wrong)).http, 405);
    const failed = await emsp.call('PUT', 'credentials', '', wrong);
    assert.equal(failed.body['status_code'], 3001, 'the call back with its token fails (SUBTLE 5)');
    assert.equal((await get(bridge.versionsUrl, before)).status, 200, 'a refused request changes nothing');

    const tried = emsp.requests.slice(-2).map(({ headers }) => headers.authorization);
    assert.deepEqual(
      tried,
      [`Token ${Buffer.from(wrong.token).toString('base64')}`, `Token ${wrong.token}`],
      'base64 first, then raw (SUBTLE 1)',
    );
    const good = emsp.requests.findLast(({ method }) => method === 'PUT')?.headers.authorization ?? '';
    const token = Buffer.from(good.replace('Token ', ''), 'base64').toString();
    const updated = await emsp.call('PUT', 'credentials', '', { ...wrong, token });
    const fresh = String((updated.body['data'] as Json)['token']);
    assert.notEqual(fresh, before);
    assert.equal((await get(bridge.versionsUrl, fresh)).status, 200);
    assert.equal((await get(bridge.versionsUrl, before)).status, 401, 'the token before is dead');
    emsp.setPeerToken(fresh);
  });

  it('another partner cannot speak for the same party', async (t) => {
    const other = await createSimulatedEmsp();
    t.after(() => other.close());
    const { tokenA, versionsUrl } = await invite('Impostor');
    await assert.rejects(other.registerAt(versionsUrl, tokenA), /2001/);
    assert.equal((await partners()).filter(({ status }) => status === 'registered').length, 1);
  });

  it('it unregisters: its token is dead, nothing more is sent, and it may be invited anew (SUBTLE 8)', async () => {
    const token = emsp.peer?.token ?? '';
    assert.equal((await emsp.unregister()).http, 200);
    assert.equal((await get(bridge.versionsUrl, token)).status, 401);
    const sent = emsp.requests.length;
    const [location] = testSite().locations;
    await operator('POST', '/api/import', testSite({ locations: [{ ...location, name: 'Renamed' }] }));
    const { data } = await operator('GET', '/api/deliveries');
    assert.deepEqual((data as { deliveries: unknown[] }).deliveries, []);
    assert.equal(emsp.requests.length, sent);
  });

  it('we register with the TOKEN_A that it gave us, and it gets what it has not', async () => {
    const { status, data } = await operator('POST', '/api/partners/register', {
      name: 'eMSP, their way round',
      versionsUrl: emsp.versionsUrl,
      token: emsp.tokenA,
    });
    assert.equal(status, 201);
    assert.equal((data as Json)['status'], 'registered');
    await until(() => emsp.objects.locations.get('NL/RBR/LOC1')?.['name'] === 'Renamed', 'the renamed location');
    assert.equal((await emsp.call('GET', 'locations', '')).http, 200, 'it may call us with the token that we gave');
  });

  it('we unregister: the partner is told', async () => {
    const partner = (await partners()).find(({ status }) => status === 'registered');
    assert.equal((await operator('DELETE', `/api/partners/${String(partner?.['id'])}`)).status, 204);
    const { method, path } = emsp.requests.at(-1) ?? {};
    assert.deepEqual([method, path], ['DELETE', '/ocpi/2.2.1/credentials']);
  });

  it('a wrong TOKEN_A is refused by the partner, and we say so', async () => {
    const { status, data } = await operator('POST', '/api/partners/register', {
      name: 'X',
      versionsUrl: emsp.versionsUrl,
      token: 'wrong',
    });
    assert.equal(status, 502);
    assert.match(String((data as Json)['error']), /401/);
  });
});

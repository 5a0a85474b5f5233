import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createLogger, startBridge, type Bridge } from '../src/main.js';
import { chargePointAt, newDataDir, testConfig, testSite, type Json } from './support/bridge.js';
import { runCli as run } from './support/cli.js';

describe('the roambridge command, without a bridge', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roambridge-cli-'));
  after(() => rmSync(folder, { recursive: true }));

  it('lists its commands', async () => {
    const { code, out } = await run(['--help']);
    assert.equal(code, 0);
    for (const command of [
      'start',
      'demo',
      'import',
      'partner',
      'location',
      'charge-point',
      'tariff',
      'token',
      'session',
      'cdr',
      'deliveries',
    ]) {
      assert.match(out, new RegExp(`^  ${command}\\b`, 'm'));
    }
  });

  const failures: readonly [string, readonly string[], Readonly<Record<string, string>>, number, RegExp][] = [
    ['an unknown command', ['frobnicate'], {}, 2, /unknown command/],
    ['an unknown subcommand', ['partner', 'frobnicate'], {}, 2, /unknown command/],
    ['an unknown option', ['session', 'list', '--all'], {}, 2, /unknown option/],
    ['a missing option', ['partner', 'invite'], {}, 2, /--name/],
    ['a missing argument', ['import'], {}, 2, /missing required argument/],
    ['a wrong setting', ['start'], { ROAMBRIDGE_OCPP_PORT: 'x' }, 2, /ROAMBRIDGE_OCPP_PORT/],
    ['an unknown setting', ['start'], { ROAMBRIDGE_OCPPPORT: '1' }, 2, /ROAMBRIDGE_OCPPPORT: there is no such setting/],
    ['no configuration file', ['--config', join(folder, 'none.yaml'), 'start'], {}, 2, /none\.yaml/],
    ['no bridge', ['session', 'list'], { ROAMBRIDGE_DATA_DIR: folder }, 3, /has the bridge been started/],
  ];
  for (const [name, args, env, expected, message] of failures) {
    it(`${name} ends with ${expected} and says why`, async () => {
      const { code, err } = await run(args, env);
      assert.equal(code, expected);
      assert.match(err, message);
    });
  }
});

describe('the roambridge command, with a bridge', () => {
  const dataDir = newDataDir();
  const env = { ROAMBRIDGE_DATA_DIR: dataDir };
  const site = join(dataDir, 'site.json');
  let bridge: Bridge;

  const json = async (...args: readonly string[]): Promise<unknown> => {
    const { code, out, err } = await run([...args, '--json'], env);
    assert.equal(code, 0, err);
    return JSON.parse(out);
  };
  const list = async (...args: readonly string[]) => (await json(...args)) as readonly Json[];

  before(async () => {
    const config = testConfig(dataDir);
    bridge = await startBridge(config, createLogger(config));
    writeFileSync(site, JSON.stringify(testSite()));
  });
  after(async () => {
    await bridge.stop();
    rmSync(dataDir, { recursive: true });
  });

  const items = ['tariff T1', 'location LOC1', 'charge point CP-1'];

  it('import --dry-run changes nothing', async () => {
    assert.deepEqual(((await json('import', site, '--dry-run')) as Json)['created'], items);
    assert.deepEqual(await list('location', 'list'), []);
  });

  it('import brings the site in, and a second run changes nothing', async () => {
    assert.deepEqual(((await json('import', site)) as Json)['created'], items);
    assert.deepEqual(await json('import', site), { created: [], updated: [], unchanged: 3, missing: [], removed: [] });
    const { out } = await run(['location', 'list'], env);
    assert.match(out, /LOC1 +Neude +Utrecht +E1=UNKNOWN E2=UNKNOWN/);
  });

  it('import changes only what differs', async () => {
    const changed = testSite();
    const renamed = { ...changed, locations: [{ ...changed.locations[0], name: 'Neude square' }] };
    const path = join(dataDir, 'renamed.yaml');
    writeFileSync(path, JSON.stringify(renamed));
    assert.deepEqual(await json('import', path), {
      created: [],
      updated: ['location LOC1'],
      unchanged: 2,
      missing: [],
      removed: [],
    });
    await json('import', site);
  });

  it('import reports what is gone and removes it with --prune, EVSEs as status REMOVED', async () => {
    const [location] = testSite().locations;
    const smaller = {
      ...testSite(),
      locations: [{ ...location, evses: location?.evses.slice(0, 1) }],
      charge_points: [{ id: 'CP-1', evses: { '1': 'E1' } }],
    };
    const path = join(dataDir, 'smaller.yaml');
    writeFileSync(path, JSON.stringify(smaller));
    assert.deepEqual(((await json('import', path)) as Json)['missing'], ['evse E2']);
    const statuses = async (): Promise<unknown> => {
      const [found] = await list('location', 'list');
      return (found?.['evses'] as readonly Json[]).map(({ uid, status }) => [uid, status]);
    };
    assert.deepEqual(await statuses(), [
      ['E1', 'UNKNOWN'],
      ['E2', 'UNKNOWN'],
    ]);
    assert.deepEqual(((await json('import', path, '--prune')) as Json)['removed'], ['evse E2']);
    assert.deepEqual(await statuses(), [
      ['E1', 'UNKNOWN'],
      ['E2', 'REMOVED'],
    ]);
    await json('import', site);
  });

  it('import of a file that contradicts itself ends with 1, names every fault and changes nothing', async () => {
    const before = await list('location', 'list');
    const path = join(dataDir, 'wrong.yaml');
    const wrong = testSite({
      tariffs: [],
      charge_points: [{ id: 'CP-9', evses: { '1': 'NOPE' } }],
    });
    writeFileSync(path, JSON.stringify(wrong));
    const { code, err } = await run(['import', path], env);
    assert.equal(code, 1);
    assert.match(err, /charge point CP-9: no location has an EVSE NOPE/);
    assert.match(err, /connector 1 of EVSE E1: there is no tariff T1/);
    writeFileSync(path, JSON.stringify(testSite({ locations: [{ id: 'X' }], frob: 1 })));
    const second = await run(['import', path], env);
    assert.equal(second.code, 1);
    assert.match(second.err, /frob/);
    writeFileSync(path, JSON.stringify(testSite({ locations: [{ id: 'X' }], charge_points: [] })));
    const third = await run(['import', path], env);
    assert.match(third.err, /locations\.0\.address/);
    assert.match(third.err, /locations\.0\.coordinates/);
    assert.deepEqual(await list('location', 'list'), before);
  });

  it('lists charge points, and those that knocked in vain', async () => {
    await assert.rejects(chargePointAt(bridge.ocppPort, 'STRANGER').connect());
    const [unknown] = await list('charge-point', 'unknown');
    assert.equal(unknown?.['id'], 'STRANGER');
    const [known] = await list('charge-point', 'list');
    assert.equal(known?.['id'], 'CP-1');
    assert.equal(known['hasPassword'], true);
    assert.equal('passwordHash' in known, false);
  });

  it('sets a password, which the charge point then needs', async () => {
    const before = chargePointAt(bridge.ocppPort);
    await before.connect();
    await before.boot();
    const ended = before.closed();
    const { out, code } = await run(['charge-point', 'password', 'CP-1'], env);
    assert.equal(code, 0);
    assert.match(out, /^[0-9a-f]{40}\n$/);
    await ended;
    await assert.rejects(chargePointAt(bridge.ocppPort).connect(), /401/);
    await run(['charge-point', 'password', 'CP-1', 'correct horse battery'], env);
    const again = chargePointAt(bridge.ocppPort);
    await again.connect();
    await again.disconnect();
    assert.equal((await run(['charge-point', 'password', 'CP-9'], env)).code, 1);
  });

  it('invites partners, lists and shows them without their secrets', async () => {
    const invited = (await json('partner', 'invite', '--name', 'Some eMSP')) as Json;
    assert.equal(invited['versions_url'], bridge.versionsUrl);
    assert.ok(String(invited['token_a']).length >= 22);
    const [partner] = await list('partner', 'list');
    assert.equal(partner?.['status'], 'invited');
    const { out } = await run(['partner', 'show', String(partner['id'])], env);
    assert.match(out, /"name": "Some eMSP"/);
    assert.doesNotMatch(out, /tokenHash|sealedToken/);
    assert.equal((await run(['partner', 'show', 'nobody'], env)).code, 1);
  });

  it('says why a registration failed', async () => {
    const { code, err } = await run(
      ['partner', 'register', '--name', 'X', '--versions-url', 'http://127.0.0.1:9/ocpi/versions', '--token', 'abc'],
      env,
    );
    assert.equal(code, 1);
    assert.match(err, /ECONNREFUSED|can't be reached|unreachable/i);
    assert.equal((await list('partner', 'list')).length, 1, 'no partner is left behind');
  });

  it('has empty lists for people and scripts', async () => {
    for (const what of ['session', 'cdr', 'token']) {
      assert.deepEqual(await list(what, 'list'), []);
      assert.equal((await run([what, 'list'], env)).out, 'none\n');
    }
    assert.deepEqual(await json('deliveries', 'list'), { deliveries: [], partners: [] });
    assert.equal((await run(['deliveries', 'retry'], env)).out, '0 sent again\n');
  });

  it('has nothing for who does not have the key', async () => {
    const answer = await fetch(`http://127.0.0.1:${bridge.operatorPort}/api/partners`);
    assert.equal(answer.status, 401);
    const metrics = await (await fetch(`http://127.0.0.1:${bridge.operatorPort}/metrics`)).text();
    assert.match(metrics, /^roambridge_ocpp_connections\{what="refused.unknown"\} 1$/m);
    assert.match(metrics, /^roambridge_process_resident_memory_bytes \d+$/m);
    const health = await fetch(`http://127.0.0.1:${bridge.operatorPort}/health`);
    assert.equal(health.status, 200);
  });
});

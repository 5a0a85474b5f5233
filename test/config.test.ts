import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { configKeys, loadConfig, publicUrl } from '../src/config.js';

const folder = mkdtempSync(join(tmpdir(), 'roambridge-config-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('configuration', () => {
  it('needs nothing', () => {
    const config = loadConfig({});
    assert.equal(config.ocppPort, 9000);
    assert.equal(config.ocpiPort, 8080);
    assert.equal(config.operatorPort, 8081);
    assert.equal(config.dataDir, './data');
    assert.equal(config.allowPlain, false);
  });

  it('takes a file, YAML or JSON, and variables before it', () => {
    const yaml = file('a.yaml', 'ocppPort: 9100\npartyId: ABC\nocpp:\n  callTimeout: 12\n');
    const config = loadConfig({
      ROAMBRIDGE_CONFIG: yaml,
      ROAMBRIDGE_PARTY_ID: 'XYZ',
      ROAMBRIDGE_OCPP__PING_INTERVAL: '7',
    });
    assert.equal(config.ocppPort, 9100);
    assert.equal(config.partyId, 'XYZ');
    assert.equal(config.ocpp.callTimeout, 12);
    assert.equal(config.ocpp.pingInterval, 7);
    assert.equal(loadConfig({}, file('a.json', '{"ocpiPort": 1234}')).ocpiPort, 1234);
    assert.equal(loadConfig({}, file('empty.yaml', '')).ocpiPort, 8080);
  });

  it('reads switches as people write them', () => {
    for (const [text, expected] of [
      ['true', true],
      ['1', true],
      ['yes', true],
      ['false', false],
      ['0', false],
    ] as const) {
      assert.equal(loadConfig({ ROAMBRIDGE_ALLOW_PLAIN: text }).allowPlain, expected, text);
    }
  });

  it('leaves alone what Kubernetes adds beside a service of this name', () => {
    loadConfig({
      ROAMBRIDGE_SERVICE_HOST: '10.0.0.1',
      ROAMBRIDGE_PORT: 'tcp://10.0.0.1:80',
      ROAMBRIDGE_PORT_80_TCP: 'x',
    });
  });

  it('tells partners the address of its port unless one is given', () => {
    assert.equal(publicUrl(loadConfig({}), 8080), 'http://127.0.0.1:8080');
    assert.equal(
      publicUrl(loadConfig({ ROAMBRIDGE_OCPI_URL: 'https://ocpi.example.com/' }), 8080),
      'https://ocpi.example.com',
    );
  });

  const wrong: readonly [string, NodeJS.ProcessEnv, string, RegExp][] = [
    ['an unknown variable', { ROAMBRIDGE_OCP_PORT: '1' }, '', /^ROAMBRIDGE_OCP_PORT: there is no such setting$/],
    ['a port that is no number', { ROAMBRIDGE_OCPP_PORT: 'abc' }, '', /^ROAMBRIDGE_OCPP_PORT: .*number/],
    ['a port out of range', { ROAMBRIDGE_OCPP_PORT: '70000' }, '', /^ROAMBRIDGE_OCPP_PORT: .*65535/],
    ['a switch that is neither', { ROAMBRIDGE_ALLOW_PLAIN: 'maybe' }, '', /^ROAMBRIDGE_ALLOW_PLAIN: .*boolean/],
    ['a long party id', { ROAMBRIDGE_PARTY_ID: 'LONG' }, '', /^ROAMBRIDGE_PARTY_ID: /],
    ['a URL that is none', { ROAMBRIDGE_OCPI_URL: 'ocpi' }, '', /^ROAMBRIDGE_OCPI_URL: .*URL/],
    ['an unknown log level', { ROAMBRIDGE_LOG_LEVEL: 'loud' }, '', /^ROAMBRIDGE_LOG_LEVEL: /],
    ['a server without a driver', { MONGODB_URL: 'mongodb://x' }, '', /^MONGODB_URL is set/],
    ['an unknown key in the file', {}, 'ocppport: 1', /wrong\.yaml: ocppport: there is no such setting$/],
    [
      'an unknown inner key in the file',
      {},
      'ocpp: { timeout: 1 }',
      /wrong\.yaml: ocpp\.timeout: there is no such setting$/,
    ],
    ['a wrong value in the file', {}, 'ocpp: { callTimeout: soon }', /wrong\.yaml: ocpp\.callTimeout: .*number/],
    ['plain connections off without TLS', {}, 'ocpp: { plain: false }', /wrong\.yaml: ocpp\.plain: .*tlsPort/],
    ['a certificate without its key', {}, 'ocpp: { tlsCertFile: a.crt }', /wrong\.yaml: ocpp\.tlsKeyFile: .*together/],
    ['a rule for floods that is none', { ROAMBRIDGE_OCPP__ON_FLOOD: 'pray' }, '', /^ROAMBRIDGE_OCPP__ON_FLOOD: /],
    ['a time of nothing', {}, 'heartbeatInterval: 0', /wrong\.yaml: heartbeatInterval: /],
    ['a list', {}, '- a', /not a list of settings/],
    ['no YAML', {}, 'a: [', /wrong\.yaml/],
  ];
  for (const [name, env, content, expected] of wrong) {
    it(`refuses ${name}, and says which and why`, () => {
      const path = content === '' ? undefined : file('wrong.yaml', content);
      assert.throws(() => loadConfig(env, path), { name: 'ConfigError', message: expected });
    });
  }

  it('refuses a file that is not there', () => {
    assert.throws(() => loadConfig({}, join(folder, 'none.yaml')), { name: 'ConfigError', message: /none\.yaml/ });
  });

  it('is in the README, every setting with its default and meaning', () => {
    // the formatter aligns columns
    const readme = readFileSync('README.md', 'utf8').replaceAll(/ +/g, ' ');
    for (const { key, variable, fallback, description } of configKeys()) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${key}\` |`));
      assert.ok(row, `${key} is missing`);
      assert.ok(row.includes(`\`${variable}\``), `${key}: its variable is ${variable}`);
      assert.ok(row.includes(description), `${key}: ${description}`);
      if (typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean') {
        assert.ok(row.includes(`\`${fallback}\``), `${key}: its default is ${fallback}`);
      }
    }
  });
});

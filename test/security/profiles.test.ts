import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { loadConfig, type Config } from '../../src/config.js';
import { createSimulatedChargePoint, type SimulatedChargePoint } from '../../src/demo/charge-point.js';
import { createLogger, startBridge, type Bridge } from '../../src/main.js';
import { newDataDir, operatorOf, testConfig, testSite, until, type Json, type Operator } from '../support/bridge.js';
import { authorityIn, clientIdentity, newFolder, newRequest } from '../support/pki.js';

const PASSWORD = 'correct horse battery';
const withTls = (overrides: Partial<Config['ocpp']> = {}): Partial<Config> => ({
  allowPlain: true,
  ocpp: { ...loadConfig({}).ocpp, tlsPort: 0, ...overrides },
});

/** What a charge point connects with, and the profile that is; undefined: it is no one. */
type Shows =
  'nothing' | 'password' | 'wrong password' | 'own' | 'foreign' | 'expired' | 'other name' | 'foreign and password';

describe('security profiles (OCPP 1.6 security whitepaper §2)', () => {
  const dataDir = newDataDir();
  const foreign = newFolder();
  let bridge: Bridge;
  let operator: Operator;
  let ca: string;

  before(async () => {
    const config = testConfig(dataDir, withTls());
    bridge = await startBridge(config, createLogger(config));
    operator = operatorOf(bridge.operatorPort, bridge.operatorKey);
    ca = readFileSync(join(dataDir, 'ca', 'ca.crt'), 'utf8');
    const ids = [0, 1, 2, 3].flatMap((least) =>
      Array.from({ length: 12 }, (_, index) => ({ id: `CP-${least}-${index}`, least })),
    );
    const report = await operator(
      'POST',
      '/api/import',
      testSite({
        charge_points: ids.map(({ id, least }) => ({
          id,
          security_profile: least,
          ...(least > 0 && { password: PASSWORD }),
          evses: {},
        })),
      }),
    );
    assert.equal(report.status, 200, JSON.stringify(report.data));
  });
  after(async () => {
    await bridge.stop();
    foreign.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function identity(id: string, shows: Shows) {
    const folder = join(dataDir, 'ca');
    if (shows === 'own') return clientIdentity(await authorityIn(folder), id);
    if (shows === 'other name') return clientIdentity(await authorityIn(folder), 'CP-9');
    if (shows === 'expired') return clientIdentity(await authorityIn(folder, 30, 7), id);
    if (shows.startsWith('foreign')) return clientIdentity(await authorityIn(foreign.folder), id);
    return {};
  }

  async function chargePoint(id: string, scheme: 'ws' | 'wss', shows: Shows): Promise<SimulatedChargePoint> {
    const port = scheme === 'ws' ? bridge.ocppPort : bridge.ocppTlsPort;
    return createSimulatedChargePoint({
      url: `${scheme}://127.0.0.1:${port}/ocpp`,
      id,
      ...(shows.endsWith('password') && { password: shows === 'wrong password' ? 'wrong' : PASSWORD }),
      ...(scheme === 'wss' && { tls: { ca, ...(await identity(id, shows)) } }),
    });
  }

  const profileOf = async (id: string): Promise<unknown> =>
    ((await operator('GET', `/api/charge-points/${id}`)).data as Json)['reached'];

  /** By the lowest profile that is let in: let in, or the HTTP status. */
  const table: readonly (readonly ['ws' | 'wss', Shows, ...('in' | 401 | 403)[]])[] = [
    ['ws', 'nothing', 'in', 401, 403, 403],
    ['ws', 'wrong password', 'in', 401, 403, 403],
    ['ws', 'password', 'in', 'in', 403, 403],
    ['wss', 'nothing', 'in', 401, 401, 403],
    ['wss', 'wrong password', 'in', 401, 401, 403],
    ['wss', 'password', 'in', 'in', 'in', 403],
    ['wss', 'own', 'in', 'in', 'in', 'in'],
    ['wss', 'foreign', 'in', 401, 401, 403],
    ['wss', 'foreign and password', 'in', 'in', 'in', 403],
    ['wss', 'expired', 'in', 401, 401, 403],
    ['wss', 'other name', 'in', 401, 401, 403],
  ];
  table.forEach(([scheme, shows, ...expected], index) => {
    expected.forEach((result, least) => {
      it(`${scheme} with ${shows} where ${least} is the least: ${result}`, async () => {
        const peer = await chargePoint(`CP-${least}-${index}`, scheme, shows);
        if (result !== 'in') {
          await assert.rejects(peer.connect(), new RegExp(String(result)));
          return;
        }
        await peer.connect();
        assert.equal((await peer.boot()).status, 'Accepted');
        await peer.disconnect();
      });
    });
  });

  it('a profile once reached is kept, until the operator allows a lower one', async () => {
    const id = 'CP-1-11';
    const byPassword = await chargePoint(id, 'ws', 'password');
    await byPassword.connect();
    await byPassword.disconnect();
    assert.equal(await profileOf(id), undefined);
    const byTls = await chargePoint(id, 'wss', 'password');
    await byTls.connect();
    await byTls.disconnect();
    assert.equal(await profileOf(id), 2);
    await assert.rejects(byPassword.connect(), /403/);
    assert.equal((await operator('POST', `/api/charge-points/${id}/security-profile`, { profile: 1 })).status, 200);
    await byTls.connect();
    await byTls.disconnect();
    await byPassword.connect();
    await byPassword.disconnect();
  });

  it('told to rise, it comes in as before until it has risen, and then no more', async () => {
    const id = 'CP-1-0';
    const before = await chargePoint(id, 'ws', 'password');
    await before.connect();
    await before.boot();
    before.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
    await operator('POST', `/api/charge-points/${id}/security-profile`, { profile: 2 });
    await before.disconnect();
    await before.connect();
    await before.disconnect();
    const risen = await chargePoint(id, 'wss', 'password');
    await risen.connect();
    await risen.disconnect();
    await assert.rejects(before.connect(), /403/);
  });

  it('a site file that says nothing of the profile does not lower what was set', async () => {
    const id = 'CP-2-11';
    const site = testSite({ charge_points: [{ id, password: PASSWORD, evses: {} }] });
    await operator('POST', '/api/import', site);
    const { data } = await operator('GET', `/api/charge-points/${id}`);
    assert.equal((data as Json)['securityProfile'], 2);
  });

  describe('TLS', () => {
    /** The protocol and suite that were agreed upon, or why none was. */
    async function handshake(options: ConnectionOptions): Promise<string> {
      const socket: TLSSocket = connect({ host: '127.0.0.1', port: bridge.ocppTlsPort, ca, ...options });
      try {
        await once(socket, 'secureConnect');
        return `${socket.getProtocol() ?? ''} ${socket.getCipher().standardName}`;
      } catch (error) {
        return error instanceof Error && 'code' in error ? String(error.code) : String(error);
      } finally {
        socket.destroy();
      }
    }

    for (const [suite, name] of [
      ['ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
      ['ECDHE-ECDSA-AES256-GCM-SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
      ['ECDHE-RSA-AES128-GCM-SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
      ['AES128-GCM-SHA256', 'TLS_RSA_WITH_AES_128_GCM_SHA256'],
      ['AES256-GCM-SHA384', 'TLS_RSA_WITH_AES_256_GCM_SHA384'],
    ] as const) {
      it(`1.2 with ${name} is taken`, async () => {
        assert.equal(await handshake({ maxVersion: 'TLSv1.2', ciphers: suite }), `TLSv1.2 ${name}`);
      });
    }
    it('1.3 is taken', async () => {
      assert.match(await handshake({}), /^TLSv1\.3 TLS_AES_128_GCM_SHA256$/);
    });
    it('1.2 with a suite of the client’s last choice that is better is taken', async () => {
      const ciphers = 'AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256';
      assert.match(await handshake({ maxVersion: 'TLSv1.2', ciphers }), /TLS_ECDHE_ECDSA_/);
    });
    for (const version of ['TLSv1.1', 'TLSv1'] as const) {
      it(`${version} is refused`, async () => {
        const old = { minVersion: 'TLSv1', maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' } as const;
        assert.equal(await handshake(old), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
      });
    }
    it('a session that is resumed has the certificate that it began with', async () => {
      const id = 'CP-3-0';
      const options = { host: '127.0.0.1', port: bridge.ocppTlsPort, ca, maxVersion: 'TLSv1.2' } as const;
      const own = await identity(id, 'own');
      const upgrade = async (session?: Buffer) => {
        const socket = connect({ ...options, ...own, ...(session && { session }) });
        await once(socket, 'secureConnect');
        socket.write(
          `GET /ocpp/${id} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
            'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n',
        );
        const [answer] = (await once(socket, 'data')) as [Buffer];
        const reused = socket.isSessionReused();
        const left = socket.getSession();
        socket.destroy();
        return { status: answer.toString().slice(9, 12), reused, left };
      };
      const first = await upgrade();
      const second = await upgrade(first.left);
      assert.deepEqual([first.status, first.reused, second.status, second.reused], ['101', false, '101', true]);
    });
    for (const suite of ['ECDHE-RSA-AES128-SHA', 'AES128-SHA', 'ECDHE-RSA-CHACHA20-POLY1305']) {
      it(`${suite} is refused`, async () => {
        const refused = await handshake({ maxVersion: 'TLSv1.2', ciphers: suite });
        assert.match(refused, /HANDSHAKE_FAILURE/);
      });
    }
  });

  it('a certificate that is asked for by one profile lets in by the next', async () => {
    const id = 'CP-2-10';
    const before = await chargePoint(id, 'wss', 'password');
    await before.connect();
    await before.boot();
    const { csrPem, keyPem } = await newRequest([id]);
    const signed = new Promise<string>((resolve) =>
      before.on('CertificateSigned', ({ certificateChain }) => {
        resolve(String(certificateChain));
        return { status: 'Accepted' };
      }),
    );
    assert.deepEqual(await before.call('SignCertificate', { csr: csrPem }), { status: 'Accepted' });
    const cert = await signed;
    await before.disconnect();
    const after = createSimulatedChargePoint({
      url: `wss://127.0.0.1:${bridge.ocppTlsPort}/ocpp`,
      id,
      tls: { ca, cert, key: keyPem },
    });
    await after.connect();
    assert.equal((await after.boot()).status, 'Accepted');
    await after.disconnect();
    assert.equal(await profileOf(id), 3);
    await assert.rejects(before.connect(), /403/);
  });

  it('a request that is wrong is refused at once, and one without a password gets none', async () => {
    const peer = await chargePoint('CP-1-9', 'wss', 'password');
    await peer.connect();
    await peer.boot();
    const other = await newRequest(['CP-1']);
    assert.deepEqual(await peer.call('SignCertificate', { csr: other.csrPem }), { status: 'Rejected' });
    assert.deepEqual(await peer.call('SignCertificate', { csr: 'nonsense' }), { status: 'Rejected' });
    await peer.disconnect();
    const plain = await chargePoint('CP-0-11', 'ws', 'nothing');
    await plain.connect();
    await plain.boot();
    const own = await newRequest(['CP-0-11']);
    assert.deepEqual(await plain.call('SignCertificate', { csr: own.csrPem }), { status: 'Rejected' });
    await plain.disconnect();
  });

  it('a certificate that could not be taken is sent again, the same, when the charge point is back', async () => {
    const id = 'CP-2-9';
    const chains: string[] = [];
    const first = await chargePoint(id, 'wss', 'password');
    await first.connect();
    await first.boot();
    first.on('CertificateSigned', async ({ certificateChain }) => {
      chains.push(String(certificateChain));
      await first.disconnect();
      return { status: 'Accepted' };
    });
    await first.call('SignCertificate', { csr: (await newRequest([id])).csrPem });
    await first.closed();
    const second = await chargePoint(id, 'wss', 'password');
    second.on('CertificateSigned', ({ certificateChain }) => {
      chains.push(String(certificateChain));
      return { status: 'Accepted' };
    });
    await second.connect();
    await second.boot();
    const [one, other] = await until(() => chains.length === 2 && chains, 'the certificate to come again');
    assert.equal(one, other);
    await until(async () => {
      const { data } = await operator('GET', `/api/charge-points/${id}`);
      return (data as Json)['certificatePending'] === false;
    }, 'the request to be done with');
    await second.disconnect();
  });
});

describe('a bridge without a port for plain connections', () => {
  it('takes TLS only', async (t) => {
    const dataDir = newDataDir();
    const config = testConfig(dataDir, withTls({ plain: false }));
    const bridge = await startBridge(config, createLogger(config));
    t.after(async () => {
      await bridge.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });
    assert.equal(bridge.ocppPort, 0);
    assert.notEqual(bridge.ocppTlsPort, 0);
  });
});

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { pino } from 'pino';
import { createCertificates } from '../../src/app/certificates.js';
import { createDocuments } from '../../src/app/documents.js';
import type { ChargePoint } from '../../src/domain/charge-point.js';
import type { ChargePointCommand, CommandOutcome } from '../../src/domain/command.js';
import { DomainError } from '../../src/domain/errors.js';
import type { CertificateAuthority } from '../../src/ports.js';
import { createSimulatedChargePoint } from '../../src/demo/charge-point.js';
import { createSqliteStore } from '../../src/storage/sqlite/store.js';
import { createBridgeProcess } from '../support/bridge-process.js';
import { CHARGE_POINT, newDataDir, PASSWORD, startWorld, testSite } from '../support/bridge.js';
import { createSimulatedChargingStation } from '../support/charging-station.js';
import { createFakeClock } from '../support/fake-clock.js';
import { newRequest } from '../support/pki.js';

describe('a certificate that a charge point asks for', () => {
  const chargePoint: ChargePoint = {
    id: 'CP-1',
    passwordHash: 'scrypt:a:b',
    securityProfile: 1,
    registration: 'Accepted',
    evses: {},
    connectors: {},
    grants: [],
  };

  async function setUp(t: TestContext, authority: Partial<CertificateAuthority> = {}) {
    const dataDir = newDataDir();
    const clock = createFakeClock();
    const logger = pino({ level: 'silent' });
    const store = createSqliteStore({
      file: join(dataDir, 'roambridge.db'),
      clock,
      logger,
      busyTimeoutMs: 1000,
      maxBatch: 10,
      cachedDocuments: 10,
    });
    t.after(async () => {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
    await store.save('chargePoint', { id: 'cp-1', revision: 0, body: chargePoint });
    const sent: ChargePointCommand[] = [];
    let signed = 0;
    let outcome: CommandOutcome = { status: 'accepted' };
    const certificates = createCertificates({
      store,
      documents: createDocuments(store),
      authority: {
        problemOf: async (_id, csrPem) => (csrPem === 'bad' ? 'it is bad' : undefined),
        sign: async (_id, csrPem) => `certificate ${++signed} for ${csrPem}`,
        ...authority,
      },
      chargePointLink: {
        isConnected: () => true,
        protocolOf: () => 'ocpp1.6',
        send: async (_id, command) => {
          sent.push(command);
          return outcome;
        },
        disconnect: () => undefined,
      },
      clock,
      logger,
      requestLifetimeMs: 3_600_000,
    });
    const ask = async (csrPem: string, requestId?: number): Promise<boolean> => {
      const taken = await certificates.certificateRequested('CP-1', {
        csrPem,
        use: 'ChargingStationCertificate',
        requestId,
      });
      assert.deepEqual(sent.splice(0), [], 'the answer goes first');
      await clock.advance(0);
      await certificates.settled();
      return taken;
    };
    const back = async (): Promise<void> => {
      certificates.resume('cp-1');
      await certificates.settled();
    };
    const pending = async () => (await store.get('chargePoint', 'cp-1'))?.body.security?.certificateRequest;
    return {
      ask,
      back,
      pending,
      clock,
      certificates,
      sent: () => sent.splice(0),
      answer: (status: CommandOutcome['status']) => (outcome = { status }),
    };
  }

  const sentChain = (chainPem: string, requestId?: number) => ({ type: 'certificateSigned', chainPem, requestId });

  it('is sent after the answer, with the id of the request, and then done with', async (t) => {
    const { ask, sent, pending, back } = await setUp(t);
    assert.equal(await ask('csr', 7), true);
    assert.deepEqual(sent(), [sentChain('certificate 1 for csr', 7)]);
    assert.equal(await pending(), undefined);
    await back();
    assert.deepEqual(sent(), []);
  });

  it('is kept while the charge point can’t take it, signed once, and sent when it is back', async (t) => {
    const { ask, sent, answer, back, pending } = await setUp(t);
    answer('offline');
    await ask('csr');
    answer('timeout');
    await back();
    answer('accepted');
    await back();
    assert.deepEqual(sent(), Array(3).fill(sentChain('certificate 1 for csr')));
    assert.equal(await pending(), undefined);
  });

  it('gives way to a later request', async (t) => {
    const { ask, sent, answer, back } = await setUp(t);
    answer('offline');
    await ask('first');
    assert.deepEqual(sent(), [sentChain('certificate 1 for first')]);
    answer('accepted');
    await ask('second');
    await back();
    assert.deepEqual(sent(), [sentChain('certificate 2 for second')]);
  });

  it('that it rejects is not sent again', async (t) => {
    const { ask, answer, pending } = await setUp(t);
    answer('rejected');
    await ask('csr');
    assert.equal(await pending(), undefined);
  });

  it('that nobody took for too long is dropped', async (t) => {
    const { ask, sent, answer, back, pending, clock } = await setUp(t);
    answer('offline');
    await ask('csr');
    sent();
    await clock.advance(3_600_001);
    await back();
    assert.deepEqual(sent(), []);
    assert.equal(await pending(), undefined);
  });

  it('is kept when the authority fails, and dropped when it says no', async (t) => {
    let failure: Error = new Error('away');
    const { ask, back, pending, sent } = await setUp(t, { sign: () => Promise.reject(failure) });
    assert.equal(await ask('csr'), true);
    assert.equal((await pending())?.csrPem, 'csr');
    failure = new DomainError('invalid-input', 'never');
    await back();
    assert.equal(await pending(), undefined);
    assert.deepEqual(sent(), []);
  });

  it('is refused at once for a wrong request, and for a vehicle’s', async (t) => {
    const { ask, certificates } = await setUp(t);
    assert.equal(await ask('bad'), false);
    assert.equal(await certificates.certificateRequested('CP-1', { csrPem: 'csr', use: 'V2GCertificate' }), false);
    assert.equal(
      await certificates.certificateRequested('CP-9', { csrPem: 'csr', use: 'ChargingStationCertificate' }),
      false,
    );
  });

  for (const protocol of ['ocpp2.0.1', 'ocpp2.1'] as const) {
    it(`comes over ${protocol} too, and so does a new password`, async (t) => {
      const world = await startWorld();
      t.after(() => world.close());
      const station = createSimulatedChargingStation({
        url: `ws://127.0.0.1:${world.bridge.ocppPort}/ocpp`,
        id: CHARGE_POINT,
        password: PASSWORD,
        protocol,
      });
      t.after(() => station.disconnect());
      await station.connect();
      await station.boot();
      const signed = new Promise<Record<string, unknown>>((resolve) =>
        station.on('CertificateSigned', (payload) => {
          resolve(payload);
          return { status: 'Accepted' };
        }),
      );
      const { csrPem } = await newRequest([CHARGE_POINT]);
      const asked = { csr: csrPem, ...(protocol === 'ocpp2.1' && { requestId: 9 }) };
      assert.equal((await station.call('SignCertificate', asked))['status'], 'Accepted');
      const { certificateChain, requestId } = await signed;
      assert.match(String(certificateChain), /^-----BEGIN CERTIFICATE-----/);
      assert.equal(requestId, protocol === 'ocpp2.1' ? 9 : undefined);

      let told: unknown;
      station.on('SetVariables', (payload) => {
        told = payload;
        const [{ component, variable }] = payload['setVariableData'] as [Record<string, unknown>];
        return { setVariableResult: [{ attributeStatus: 'Accepted', component, variable }] };
      });
      const closed = station.closed();
      await world.operator('POST', `/api/charge-points/${CHARGE_POINT}/password`, { password: 'a quite new password' });
      assert.match(JSON.stringify(told), /"attributeValue":"a quite new password".*"BasicAuthPassword"/);
      assert.equal(await closed, 1008);
    });
  }

  it('comes although the bridge was killed right after the answer', async (t) => {
    const bridge = await createBridgeProcess();
    t.after(() => bridge.destroy());
    await bridge.start();
    await bridge.operator('POST', '/api/import', testSite());
    const connected = async () => {
      const peer = createSimulatedChargePoint({
        url: `ws://127.0.0.1:${bridge.ocppPort}/ocpp`,
        id: CHARGE_POINT,
        password: PASSWORD,
      });
      await peer.connect();
      return peer;
    };
    const first = await connected();
    await first.boot();
    first.on('CertificateSigned', () => new Promise(() => undefined));
    const { csrPem } = await newRequest([CHARGE_POINT]);
    assert.deepEqual(await first.call('SignCertificate', { csr: csrPem }), { status: 'Accepted' });
    await bridge.kill();
    await bridge.start();
    const second = await connected();
    const signed = new Promise<unknown>((resolve) =>
      second.on('CertificateSigned', ({ certificateChain }) => {
        resolve(certificateChain);
        return { status: 'Accepted' };
      }),
    );
    await second.boot();
    assert.match(String(await signed), /^-----BEGIN CERTIFICATE-----/);
    await second.disconnect();
  });
});

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { ChargePointCommand, CommandOutcome } from '../../src/domain/command.js';
import { coreCommands } from './1.6/core-commands.js';
import { moreCommands } from './1.6/more-commands.js';
import { boot, connectPeer, type RawPeer, startServer, type TestServer } from './support.js';
import { createFakeClock } from '../support/fake-clock.js';

const retrieveAt = createFakeClock().now();

async function bootedPeer(t: TestContext): Promise<TestServer & { peer: RawPeer }> {
  const server = await startServer(t);
  const peer = await connectPeer(t, `${server.url}/CP1`);
  await peer.call('BootNotification', boot);
  return { ...server, peer };
}

describe('commands in OCPP 1.6 (§5)', () => {
  for (const { command, action, payload, answers } of [...coreCommands, ...moreCommands]) {
    it(`${action} ${JSON.stringify(payload)}`, async (t) => {
      const { server, peer } = await bootedPeer(t);
      for (const [answer, status] of answers) {
        const pending = server.link.send('CP1', command);
        const [type, id, ...request] = await peer.answer(answer);
        assert.equal(type, 2);
        assert.match(String(id), /^[0-9a-f-]{36}$/);
        assert.deepEqual(request, [action, payload]);
        const outcome = await pending;
        assert.deepEqual([outcome.status, outcome.answer], [status, answer]);
      }
    });
  }

  /** Commands that are not sent, with the outcome. */
  const impossible: readonly (readonly [ChargePointCommand, CommandOutcome['status'], RegExp])[] = [
    [{ type: 'trigger', message: 'SignCombinedCertificate' }, 'not-supported', /can't trigger SignCombinedCert/],
    [{ type: 'setDisplayMessage', id: 1, text: 'Hello' }, 'not-supported', /no display messages/],
    [{ type: 'getDisplayMessages', requestId: 1 }, 'not-supported', /no display messages/],
    [{ type: 'clearDisplayMessage', id: 1 }, 'not-supported', /no display messages/],
    [{ type: 'getReport', requestId: 1 }, 'not-supported', /no device model/],
    [{ type: 'getTransactionStatus', transactionId: '7' }, 'not-supported', /no way to ask/],
    [{ type: 'costUpdated', transactionId: '7', totalCost: 1 }, 'not-supported', /no message for costs/],
    [{ type: 'remoteStop', transactionId: 'ab-12' }, 'invalid', /no such transactionId/],
    [{ type: 'unlockConnector', connector: 'left' }, 'invalid', /no such connectorId/],
    [{ type: 'getInstalledCertificates' }, 'invalid', /one use of certificates/],
    [{ type: 'certificateSigned', chainPem: 'x'.repeat(10_001) }, 'invalid', /certificateChain is longer than 10000/],
    [{ type: 'getLog', requestId: 1, log: 'diagnostics', url: 'no url' }, 'invalid', /location must be a uri/],
    [{ type: 'updateFirmware', requestId: 1, url: 'x:y', retrieveAt, signature: 's' }, 'invalid', /needs both/],
    [{ type: 'call', action: 'MakeCoffee', payload: {} }, 'invalid', /OCPP 1.6 has no action MakeCoffee/],
    [{ type: 'call', action: 'constructor', payload: {} }, 'invalid', /no action constructor/],
    [{ type: 'call', action: 'Heartbeat', payload: {} }, 'invalid', /Heartbeat goes from charge points to us/],
    [{ type: 'call', action: 'Reset', payload: {} }, 'invalid', /Reset: type is missing/],
    [{ type: 'call', action: 'Reset', payload: { type: 'hard' } }, 'invalid', /Reset: type must be one of Hard, Soft/],
    [{ type: 'call', action: 'ClearCache', payload: { all: true } }, 'invalid', /all is not a field of this message/],
    [
      { type: 'call', action: 'RemoteStartTransaction', payload: { idTag: 'x'.repeat(21) } },
      'invalid',
      /idTag is longer than 20 characters/,
    ],
  ];
  it('that OCPP 1.6 has no words for, or that break its schemas, are not sent', async (t) => {
    const { server, peer } = await bootedPeer(t);
    for (const [command, status, message] of impossible) {
      const outcome = await server.link.send('CP1', command);
      assert.equal(outcome.status, status, JSON.stringify(command));
      assert.match(outcome.message ?? '', message);
    }
    assert.equal((await peer.call('Heartbeat', {}))[0], 3);
    assert.equal(server.counters().commands.sent, 0);
  });

  it('cover every command', () => {
    const every: Record<ChargePointCommand['type'], true> = {
      call: true,
      cancelReservation: true,
      certificateSigned: true,
      changeAvailability: true,
      changeConfiguration: true,
      clearCache: true,
      clearChargingProfile: true,
      clearDisplayMessage: true,
      costUpdated: true,
      dataTransfer: true,
      deleteCertificate: true,
      getCompositeSchedule: true,
      getConfiguration: true,
      getDisplayMessages: true,
      getInstalledCertificates: true,
      getLocalListVersion: true,
      getLog: true,
      getReport: true,
      getTransactionStatus: true,
      installCertificate: true,
      remoteStart: true,
      remoteStop: true,
      reserveNow: true,
      reset: true,
      sendLocalList: true,
      setChargingProfile: true,
      setDisplayMessage: true,
      setPassword: true,
      setSecurityProfile: true,
      trigger: true,
      unlockConnector: true,
      updateFirmware: true,
    };
    const tested = new Set([
      ...[...coreCommands, ...moreCommands].map(({ command }) => command.type),
      ...impossible.map(([command]) => command.type),
    ]);
    assert.deepEqual([...tested].sort(), Object.keys(every).sort());
  });

  it('that the charge point answers with a CALLERROR say so', async (t) => {
    const { server, peer } = await bootedPeer(t);
    const errors: readonly (readonly [unknown[], CommandOutcome])[] = [
      [['NotImplemented', '', {}], { status: 'not-supported', message: 'ClearCache: NotImplemented' }],
      [['NotSupported', 'no cache', {}], { status: 'not-supported', message: 'ClearCache: NotSupported: no cache' }],
      [
        ['InternalError', 'flash is full', {}],
        { status: 'failed', message: 'ClearCache: InternalError: flash is full' },
      ],
      [['Invented'], { status: 'failed', message: 'ClearCache: Invented' }],
      [[], { status: 'failed', message: 'ClearCache: ' }],
    ];
    for (const [error, outcome] of errors) {
      const pending = server.link.send('CP1', { type: 'clearCache' });
      const [, id] = await peer.next();
      peer.send([4, id, ...error]);
      assert.deepEqual(await pending, outcome);
    }
    assert.deepEqual(server.counters().callErrors.received, {
      NotImplemented: 1,
      NotSupported: 1,
      InternalError: 1,
      other: 2,
    });
  });

  it('whose answer can not be read have failed, with the reason', async (t) => {
    const { server, peer } = await bootedPeer(t);
    const answers: readonly (readonly [unknown, RegExp])[] = [
      [{ status: 'Perhaps' }, /status must be one of Accepted, Rejected/],
      [{}, /status is missing/],
      [null, /payload must be an object/],
      ['Accepted', /payload must be an object/],
    ];
    for (const [answer, reason] of answers) {
      const pending = server.link.send('CP1', { type: 'clearCache' });
      await peer.answer(answer);
      const outcome = await pending;
      assert.equal(outcome.status, 'failed');
      assert.match(outcome.message ?? '', reason);
    }
    const missing = server.link.send('CP1', { type: 'clearCache' });
    peer.sendText(`[3,"${String((await peer.next())[1])}"]`);
    assert.match((await missing).message ?? '', /payload is missing/);
    const deep = server.link.send('CP1', { type: 'dataTransfer', vendorId: 'x' });
    const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    peer.sendText(`[3,"${String((await peer.next())[1])}",{"status":"Accepted","data":${nested}}]`);
    assert.match((await deep).message ?? '', /data must be string/);
  });
});

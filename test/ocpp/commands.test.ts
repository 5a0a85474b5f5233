import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { ChargePointCommand, CommandOutcome } from '../../src/domain/command.js';
import { boot, connectPeer, type RawPeer, startServer, type TestServer } from './support.js';

interface Case {
  readonly command: ChargePointCommand;
  readonly action: string;
  readonly payload: object;
  /** Each answer of the charge point and the outcome's status. */
  readonly answers: readonly (readonly [object, CommandOutcome['status']])[];
}

const acceptedOrRejected = [
  [{ status: 'Accepted' }, 'accepted'],
  [{ status: 'Rejected' }, 'rejected'],
] as const;

/** OCPP 1.6 §5. */
const cases: readonly Case[] = [
  {
    command: { type: 'remoteStart', idTag: 'A-TAG-LONGER-THAN-TWENTY', connector: '2' },
    action: 'RemoteStartTransaction',
    payload: { idTag: 'A-TAG-LONGER-THAN-TWENTY', connectorId: 2 },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'remoteStart', idTag: 'TAG' },
    action: 'RemoteStartTransaction',
    payload: { idTag: 'TAG' },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'remoteStop', transactionId: '7' },
    action: 'RemoteStopTransaction',
    payload: { transactionId: 7 },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'unlockConnector', connector: '1' },
    action: 'UnlockConnector',
    payload: { connectorId: 1 },
    answers: [
      [{ status: 'Unlocked' }, 'accepted'],
      [{ status: 'UnlockFailed' }, 'failed'],
      [{ status: 'NotSupported' }, 'not-supported'],
    ],
  },
  { command: { type: 'reset', hard: true }, action: 'Reset', payload: { type: 'Hard' }, answers: acceptedOrRejected },
  { command: { type: 'reset', hard: false }, action: 'Reset', payload: { type: 'Soft' }, answers: acceptedOrRejected },
  {
    command: { type: 'changeAvailability', connector: '0', operative: false },
    action: 'ChangeAvailability',
    payload: { connectorId: 0, type: 'Inoperative' },
    answers: [...acceptedOrRejected, [{ status: 'Scheduled' }, 'scheduled']],
  },
  {
    command: { type: 'changeAvailability', connector: '1', operative: true },
    action: 'ChangeAvailability',
    payload: { connectorId: 1, type: 'Operative' },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'getConfiguration', keys: ['HeartbeatInterval', 'X'] },
    action: 'GetConfiguration',
    payload: { key: ['HeartbeatInterval', 'X'] },
    answers: [
      [
        { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }], unknownKey: ['X'] },
        'accepted',
      ],
      [{}, 'accepted'],
    ],
  },
  {
    command: { type: 'getConfiguration', keys: [] },
    action: 'GetConfiguration',
    payload: {},
    answers: [[{}, 'accepted']],
  },
  {
    command: { type: 'changeConfiguration', key: 'HeartbeatInterval', value: '60' },
    action: 'ChangeConfiguration',
    payload: { key: 'HeartbeatInterval', value: '60' },
    answers: [
      ...acceptedOrRejected,
      [{ status: 'RebootRequired' }, 'accepted'],
      [{ status: 'NotSupported' }, 'not-supported'],
    ],
  },
  { command: { type: 'clearCache' }, action: 'ClearCache', payload: {}, answers: acceptedOrRejected },
  {
    command: { type: 'trigger', message: 'StatusNotification', connector: '1' },
    action: 'TriggerMessage',
    payload: { requestedMessage: 'StatusNotification', connectorId: 1 },
    answers: [...acceptedOrRejected, [{ status: 'NotImplemented' }, 'not-supported']],
  },
  {
    command: { type: 'trigger', message: 'BootNotification' },
    action: 'TriggerMessage',
    payload: { requestedMessage: 'BootNotification' },
    answers: acceptedOrRejected,
  },
  {
    command: { type: 'dataTransfer', vendorId: 'com.acme', messageId: 'm', data: 'd' },
    action: 'DataTransfer',
    payload: { vendorId: 'com.acme', messageId: 'm', data: 'd' },
    answers: [
      ...acceptedOrRejected,
      [{ status: 'Accepted', data: 'x' }, 'accepted'],
      [{ status: 'UnknownMessageId' }, 'not-supported'],
      [{ status: 'UnknownVendorId' }, 'not-supported'],
    ],
  },
  {
    command: { type: 'dataTransfer', vendorId: 'com.acme' },
    action: 'DataTransfer',
    payload: { vendorId: 'com.acme' },
    answers: acceptedOrRejected,
  },
];

async function bootedPeer(t: TestContext): Promise<TestServer & { peer: RawPeer }> {
  const server = await startServer(t);
  const peer = await connectPeer(t, `${server.url}/CP1`);
  await peer.call('BootNotification', boot);
  return { ...server, peer };
}

describe('commands in OCPP 1.6 (§5)', () => {
  for (const { command, action, payload, answers } of cases) {
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

  it('cover every command', () => {
    const tested = new Set(cases.map(({ command }) => command.type));
    const all: Record<ChargePointCommand['type'], true> = {
      remoteStart: true,
      remoteStop: true,
      unlockConnector: true,
      reset: true,
      changeAvailability: true,
      getConfiguration: true,
      changeConfiguration: true,
      clearCache: true,
      trigger: true,
      dataTransfer: true,
    };
    assert.deepEqual([...tested].sort(), Object.keys(all).sort());
  });

  it('that OCPP 1.6 has no words for are not sent', async (t) => {
    const { server, peer } = await bootedPeer(t);
    const impossible: readonly (readonly [ChargePointCommand, CommandOutcome])[] = [
      [
        { type: 'trigger', message: 'SignCombinedCertificate' },
        { status: 'not-supported', message: "OCPP 1.6 can't trigger SignCombinedCertificate" },
      ],
      [
        { type: 'remoteStop', transactionId: 'ab-12' },
        { status: 'failed', message: 'OCPP 1.6 has no such transactionId' },
      ],
      [
        { type: 'unlockConnector', connector: 'left' },
        { status: 'failed', message: 'OCPP 1.6 has no such connectorId' },
      ],
    ];
    for (const [command, outcome] of impossible) assert.deepEqual(await server.link.send('CP1', command), outcome);
    assert.equal((await peer.call('Heartbeat', {}))[0], 3);
    assert.equal(server.counters().commands.sent, 0);
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

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Command } from 'commander';
import { addChargePointOrders } from '../src/cli/charge-point-orders.js';
import type { CommandOutcome } from '../src/domain/command.js';
import { readCommand } from '../src/operator/commands.js';
import { startWorld, until, type Json, type World } from './support/bridge.js';
import { runCli, type CliRun } from './support/cli.js';

describe('charge point commands', () => {
  let world: World;
  const asked: { action: string; payload: Json }[] = [];

  const cli = (...args: readonly string[]): Promise<CliRun> =>
    runCli(['charge-point', ...args], { ROAMBRIDGE_DATA_DIR: world.dataDir });

  before(async () => {
    world = await startWorld();
    await world.chargePoint.connect();
    await world.chargePoint.boot();
  });
  after(() => world.close());

  /** The charge point answers this, and what it was asked is noted. */
  function answers(action: string, answer: Json): void {
    asked.length = 0;
    world.chargePoint.on(action, (payload) => {
      asked.push({ action, payload });
      return answer;
    });
  }

  /** Runs the command line in this process, up to what it would print: the outcome that the bridge gave. */
  async function order(...args: readonly string[]): Promise<CommandOutcome> {
    let outcome: CommandOutcome | undefined;
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    addChargePointOrders(program, () => ({
      async call(method, path, body) {
        const { status, data } = await world.operator(method, path, body);
        assert.equal(status, 200, JSON.stringify(data));
        outcome = data as CommandOutcome;
        return { status: 'accepted' };
      },
    }));
    await program.parseAsync(args, { from: 'user' });
    assert.ok(outcome);
    return outcome;
  }

  const accepted = { status: 'Accepted' };

  /** What is written, and what the charge point is asked and answers. */
  const orders: readonly (readonly [args: readonly string[], action: string, payload: Json, answer: Json])[] = [
    [['reset', 'CP-1'], 'Reset', { type: 'Soft' }, accepted],
    [['reset', 'CP-1', '--hard'], 'Reset', { type: 'Hard' }, accepted],
    [['unlock', 'cp-1', '2'], 'UnlockConnector', { connectorId: 2 }, { status: 'Unlocked' }],
    [
      ['availability', 'CP-1', '0', 'inoperative'],
      'ChangeAvailability',
      { connectorId: 0, type: 'Inoperative' },
      { status: 'Scheduled' },
    ],
    [
      ['trigger', 'CP-1', 'MeterValues', '--connector', '1'],
      'TriggerMessage',
      { requestedMessage: 'MeterValues', connectorId: 1 },
      accepted,
    ],
    [['config', 'get', 'CP-1'], 'GetConfiguration', {}, { configurationKey: [] }],
    [['config', 'get', 'CP-1', 'A', 'B'], 'GetConfiguration', { key: ['A', 'B'] }, { unknownKey: ['A', 'B'] }],
    [
      ['config', 'set', 'CP-1', 'HeartbeatInterval', '60'],
      'ChangeConfiguration',
      { key: 'HeartbeatInterval', value: '60' },
      accepted,
    ],
    [
      ['firmware', 'CP-1', 'https://files.example.com/fw.bin', '--at', '2026-01-31T12:00:00Z'],
      'UpdateFirmware',
      { location: 'https://files.example.com/fw.bin', retrieveDate: '2026-01-31T12:00:00.000Z' },
      {},
    ],
    [
      ['logs', 'CP-1', 'ftp://files.example.com/'],
      'GetDiagnostics',
      { location: 'ftp://files.example.com/' },
      { fileName: 'x.zip' },
    ],
    [['local-list', 'version', 'CP-1'], 'GetLocalListVersion', {}, { listVersion: 3 }],
    [
      ['remote-start', 'CP-1', 'TAG', '--connector', '1'],
      'RemoteStartTransaction',
      { idTag: 'TAG', connectorId: 1 },
      accepted,
    ],
    [['remote-stop', 'CP-1', '7'], 'RemoteStopTransaction', { transactionId: 7 }, accepted],
    [['call', 'CP-1', 'ClearCache'], 'ClearCache', {}, accepted],
    [
      ['call', 'CP-1', 'DataTransfer', '{"vendorId":"com.acme","data":"x"}'],
      'DataTransfer',
      { vendorId: 'com.acme', data: 'x' },
      { status: 'Accepted', data: 'y' },
    ],
  ];
  for (const [args, action, payload, answer] of orders) {
    it(args.join(' '), async () => {
      answers(action, answer);
      const outcome = await order(...args);
      assert.deepEqual(
        [outcome.status, outcome.answer],
        [answer['status'] === 'Scheduled' ? 'scheduled' : 'accepted', answer],
      );
      assert.deepEqual(asked, [{ action, payload }]);
    });
  }

  it('firmware with a signature is a signed update', async () => {
    const file = join(world.dataDir, 'signer.pem');
    writeFileSync(file, 'PEM');
    answers('SignedUpdateFirmware', accepted);
    const signed = ['--signature', 'c2ln', '--certificate', file, '--install-at', '2026-02-01T00:00:00Z'];
    await order('firmware', 'CP-1', 'https://files.example.com/fw.bin', ...signed);
    const { firmware, requestId } = asked[0]?.payload ?? {};
    assert.ok(Number.isInteger(requestId));
    const { retrieveDateTime, ...rest } = firmware as Json;
    assert.match(String(retrieveDateTime), /^2\d{3}-/);
    assert.deepEqual(rest, {
      location: 'https://files.example.com/fw.bin',
      installDateTime: '2026-02-01T00:00:00.000Z',
      signingCertificate: 'PEM',
      signature: 'c2ln',
    });
  });

  it('logs --security asks for the security log', async () => {
    answers('GetLog', accepted);
    await order('logs', 'CP-1', 'ftp://files.example.com/', '--security', '--to', '2026-02-01T00:00:00Z');
    const { requestId, ...rest } = asked[0]?.payload ?? {};
    assert.ok(Number.isInteger(requestId));
    assert.deepEqual(rest, {
      logType: 'SecurityLog',
      log: { remoteLocation: 'ftp://files.example.com/', latestTimestamp: '2026-02-01T00:00:00.000Z' },
    });
  });

  it('display and display-clear say what the version does not have', async () => {
    for (const args of [
      ['display', 'CP-1', 'Hello', '--until', '2026-02-01T00:00:00Z'],
      ['display-clear', 'CP-1', '--message', '2'],
    ]) {
      const outcome = await order(...args);
      assert.deepEqual(outcome, { status: 'not-supported', message: 'OCPP 1.6 has no display messages' });
    }
  });

  it('that are written wrongly are not sent', async () => {
    for (const args of [
      ['call', 'CP-1', 'Reset', '{"type":'],
      ['call', 'CP-1', 'Reset', '[]'],
      ['unlock', 'CP-1', 'left'],
      ['availability', 'CP-1', '1', 'maybe'],
      ['logs', 'CP-1', 'ftp://x/', '--from', 'yesterday'],
      ['firmware', 'CP-1', 'https://x/', '--certificate', join(world.dataDir, 'none.pem')],
      ['reset'],
    ]) {
      await assert.rejects(order(...args), { name: 'CommanderError' }, args.join(' '));
    }
  });

  it('call prints the answer of the charge point', async () => {
    const answer = { status: 'Accepted', data: 'y' };
    answers('DataTransfer', answer);
    const { code, out, err } = await cli('call', 'CP-1', 'DataTransfer', '{"vendorId":"com.acme","data":"x"}');
    assert.deepEqual([code, err, JSON.parse(out)], [0, '', answer]);
  });

  it('that the charge point refuses end with 1, its answer and the reason', async () => {
    answers('Reset', { status: 'Rejected' });
    const { code, out, err } = await cli('reset', 'CP-1');
    assert.deepEqual([code, JSON.parse(out)], [1, { status: 'Rejected' }]);
    assert.equal(err, 'rejected: Reset: Rejected\n');
  });

  it('that break the schema end with 1 and say what is wrong; with --json, too', async () => {
    const { code, out, err } = await cli('call', 'CP-1', 'Reset', '{"type":"Warm"}', '--json');
    const message = 'Reset: type must be one of Hard, Soft';
    assert.deepEqual([code, JSON.parse(out)], [1, { status: 'invalid', message }]);
    assert.equal(err, `invalid: ${message}\n`);
  });

  it('written wrongly in a group end with 2', async () => {
    const { code, err } = await cli('local-list', 'size', 'CP-1');
    assert.equal(code, 2);
    assert.match(err, /unknown command/);
  });

  it('show says all that is known, to people and to scripts', async () => {
    const { chargePoint } = world;
    await chargePoint.status(1, 'Faulted', 'GroundFailure');
    await chargePoint.call('FirmwareStatusNotification', { status: 'Installed', vendorField: 1 });
    const read = async (): Promise<Json> => (await world.operator('GET', '/api/charge-points/cp-1')).data as Json;
    const deviations = await until(async () => (await read())['deviations'], 'the deviation to be noted');
    assert.deepEqual(Object.keys(deviations as Json), ['extra-field']);

    const shown = JSON.parse((await cli('show', 'CP-1', '--json')).out) as Json;
    const [notice] = shown['notices'] as Json[];
    assert.deepEqual([notice?.['what'], notice?.['data']], ['FirmwareStatusNotification', { status: 'Installed' }]);
    assert.deepEqual(shown['variables'], []);
    assert.equal((shown['connectors'] as Json)['1'] !== undefined, true);
    assert.equal('passwordHash' in shown, false);

    const { out } = await cli('show', 'CP-1');
    assert.match(out, /^vendor +Roambridge$/m);
    assert.match(out, /^1 +E1 +Faulted +\S+ +GroundFailure$/m);
    assert.match(out, /^extra-field /m);
    assert.match(out, /^FirmwareStatusNotification +\S+ +status=Installed$/m);
  });

  it('to charge points that are away or unknown end with 1 and say so', async () => {
    await world.chargePoint.disconnect();
    await until(
      async () => ((await world.operator('GET', '/api/charge-points/CP-1')).data as Json)['connected'] === false,
      'the end of the connection',
    );
    const offline = await cli('reset', 'CP-1');
    assert.deepEqual([offline.code, offline.out], [1, '']);
    assert.match(offline.err, /^offline: .*not connected/);
    for (const path of ['', '/notices', '/variables']) {
      assert.equal((await world.operator('GET', `/api/charge-points/NOPE${path}`)).status, 404);
    }
    const unknown = await world.operator('POST', '/api/charge-points/NOPE/commands', { type: 'clearCache' });
    assert.equal(unknown.status, 404);
  });
});

describe('the operator API of commands', () => {
  it('says which field is wrong', () => {
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [undefined, /expected object/],
      [{ type: 'makeCoffee' }, /type/],
      [{ type: 'setPassword', password: 'a-password-of-16' }, /type/],
      [{ type: 'reset' }, /hard/],
      [{ type: 'reset', hard: true, force: true }, /force/],
      [{ type: 'reserveNow', reservationId: 1, idTag: 'T', expiresAt: 'soon' }, /date and time/],
      [{ type: 'call', action: 'Reset', payload: [] }, /payload/],
    ];
    for (const [body, message] of wrong) assert.throws(() => readCommand(body), message);
  });
});

import assert from 'node:assert/strict';
import { until } from '../support/bridge.js';
import type { Entry } from './entry.js';
import { ago, CARD, type Stage } from './stage.js';

const statusAt = (stage: Stage, connector: number): string | undefined => {
  const location = stage.world.emsp.objects.locations.get('NL/RBR/LOC1');
  const evses = (location?.['evses'] ?? []) as readonly { readonly uid: string; readonly status: string }[];
  return evses.find(({ uid }) => uid === `${stage.id}-${connector}`)?.status;
};

/** Everything about connections, order and form. */
export const connections: readonly Entry[] = [
  {
    name: 'status-before-boot',
    seen: 'StatusNotification, or anything else, before BootNotification or without one',
    threads: [],
    rule: 'taken, unless its registration was refused',
    where: 'ocpp-adapters/connection.ts',
    opening: { boot: false },
    async story(stage) {
      await stage.cp.status(1, 'Preparing');
      await until(() => statusAt(stage, 1) === 'BLOCKED', 'the status at the eMSP');
      const id = await stage.start();
      await stage.stop(id, 3_000);
      await stage.billed(2_000, []);
    },
  },
  {
    name: 'status-of-the-whole',
    seen: 'connector or EVSE 0 reports Available while a real one charges',
    threads: ['lbbrhzn/ocpp#2020'],
    rule: '0 speaks for the whole: only Unavailable and Faulted go through to the EVSEs',
    where: 'src/domain/charge-point.ts',
    async story(stage) {
      await stage.cp.status(1, 'Charging');
      await until(() => statusAt(stage, 1) === 'CHARGING', 'CHARGING');
      await stage.cp.status(0, 'Available');
      await stage.cp.status(2, 'Available');
      await until(() => statusAt(stage, 2) === 'AVAILABLE', 'AVAILABLE');
      assert.equal(statusAt(stage, 1), 'CHARGING');
    },
  },
  {
    name: 'impatient',
    seen: 'messages before the answer to the one before: two calls sent fast',
    threads: ['citrineos/citrineos#178'],
    rule: 'handled one after the other in the order in which they came, each answered',
    where: 'ocpp-adapters/inbound.ts',
    async story(stage) {
      const { cp } = stage;
      const starting = stage.start();
      await Promise.all([
        cp.status(1, 'Preparing'),
        starting,
        cp.status(1, 'Charging'),
        stage.sample(undefined, 2_000, 30),
        stage.sample(undefined, 2_500, 20),
        cp.heartbeat(),
        stage.stop(-1, 3_000),
        stage.stop(-1, 3_000),
        cp.status(1, 'Available'),
      ]);
      await stage.billed(2_000, ['stop-without-id']);
    },
  },
  {
    name: 'connection-per-message',
    seen: 'a connection of its own for every message',
    threads: ['openWB/core#2272'],
    rule: 'what is known is kept with the charge point, not with the connection',
    where: 'src/app/transactions.ts',
    opening: { connect: false },
    async story(stage) {
      const { cp } = stage;
      const alone = async <T>(send: () => Promise<T>): Promise<T> => {
        await cp.connect();
        const answer = await send();
        await cp.disconnect();
        return answer;
      };
      await alone(() => cp.boot());
      await alone(() => stage.start());
      await alone(() => stage.sample(undefined, 2_000, 30));
      await alone(() => stage.stop(-1, 3_000, { idTag: '' }));
      await stage.billed(2_000, ['stop-without-id']);
    },
  },
  {
    name: 'two-sockets',
    seen: 'a second connection while the first seems to live, and the first one ends later',
    threads: ['lorenzodonini/ocpp-go#358', 'lbbrhzn/ocpp#336'],
    rule: 'the newest wins; the old one is closed, and its end means nothing',
    where: 'ocpp-adapters/server.ts',
    async story(stage) {
      const id = await stage.start();
      const second = stage.again();
      await second.connect();
      assert.equal(await stage.cp.closed(), 1008);
      await second.call('StopTransaction', { transactionId: id, meterStop: 3_000, timestamp: ago(0) });
      await stage.billed(2_000, []);
      const { connected } = (await stage.chargePoint()) as unknown as { connected: boolean };
      assert.equal(connected, true);
    },
  },
  {
    name: 'heartbeat-storm',
    seen: 'Heartbeats by the hundred',
    threads: [],
    rule: 'answered without a save; beyond `ocpp.messagesPerSecond` its socket is read no faster',
    where: 'ocpp-adapters/1.6/availability.ts',
    async story(stage) {
      const answers = await Promise.all(Array.from({ length: 300 }, () => stage.cp.heartbeat()));
      assert.equal(answers.length, 300);
      const id = await stage.start();
      await stage.stop(id, 3_000);
      await stage.billed(2_000, []);
    },
  },
  {
    name: 'odd-forms',
    seen: 'numbers as text, null, fields of its own, words in lower case, unknown words, texts beyond their limits',
    threads: [
      'mobilityhouse/ocpp#273',
      'mobilityhouse/ocpp#54',
      'lbbrhzn/ocpp#1803',
      'lbbrhzn/ocpp#2030',
      'lbbrhzn/ocpp#213',
    ],
    rule: 'see the table of forms below',
    where: 'ocpp-adapters/tolerances.ts',
    recorded: 'deviations, by the name of each form',
    opening: { boot: false },
    async story(stage) {
      const { cp } = stage;
      await cp.call('BootNotification', {
        chargePointVendor: 'Schneider Electric',
        chargePointModel: 'EVlink Smart Wallbox',
        chargeBoxSerialNumber: 'EVB1A22P2RI3N182341200100350795E5',
        iccid: null,
        vendorThing: 1,
      });
      await cp.call('StatusNotification', { connectorId: '1', status: 'charging', errorCode: 'Tired' });
      const id = await stage.start({ connectorId: '1', meterStart: '1000', reservationId: null });
      await stage.sampled(id, 30, [
        { value: 2.5, measurand: 'energy.active.import.register', unit: 'KWH' },
        { value: '7', measurand: 'Request.Energy' },
      ]);
      assert.equal((await stage.sessions())[0]?.energyWh, 1_500);
      await stage.stop(id, 3_000.4, { transactionId: String(id), reason: 'Bored', idTag: CARD });
      await stage.billed(2_000, []);
      await stage.deviated(
        'long-text',
        'null-field',
        'extra-field',
        'letter-case',
        'text-for-number',
        'number-for-text',
        'unknown-sampled-word',
        'unknown-error-code',
        'unknown-reason',
        'fractional-register',
      );
    },
  },
  {
    name: 'long-id-tag',
    seen: 'idTags of more than 20 characters',
    threads: ['lbbrhzn/ocpp#1803', 'lbbrhzn/ocpp#2030'],
    rule: 'taken: OCPI tokens may have 36',
    where: 'ocpp-adapters/tolerances.ts',
    recorded: 'deviation `long-text`',
    async story(stage) {
      const uid = 'DE8ACC12E46L89-CONTRACT-0000000001';
      stage.world.emsp.setToken({ uid, whitelist: 'ALWAYS' });
      await stage.world.emsp.pushToken(uid);
      const id = await stage.start({ idTag: uid });
      await stage.stop(id, 3_000, { idTag: uid });
      await stage.billed(2_000, []);
      await stage.deviated('long-text');
    },
  },
  {
    name: 'readonly-as-number',
    seen: '`readonly` 0 or 1 in GetConfiguration',
    threads: ['evcc-io/evcc#26253'],
    rule: 'read as false and true',
    where: 'ocpp-adapters/tolerances.ts',
    recorded: 'deviation `number-for-boolean`',
    async story(stage) {
      stage.cp.on('GetConfiguration', () => ({
        configurationKey: [{ key: 'HeartbeatInterval', readonly: 0, value: '300' }],
      }));
      const command = { type: 'getConfiguration', keys: [] };
      const { data } = await stage.world.operator('POST', `/api/charge-points/${stage.id}/commands`, command);
      assert.equal((data as { status: string }).status, 'accepted');
      await stage.deviated('number-for-boolean');
    },
  },
  {
    name: 'commanded-before-boot',
    seen: 'restarts for ever when it is asked something before its boot is answered',
    threads: ['evcc-io/evcc#27309', 'lbbrhzn/ocpp#1503', 'lbbrhzn/ocpp#1275', 'lbbrhzn/ocpp#1510'],
    rule: 'nothing is asked before the answer to the boot, or before a charge point that is known has spoken',
    where: 'ocpp-adapters/boot-gate.ts',
    test: ['test/ocpp/connection.test.ts', 'wait for the boot, and go out after its answer'],
  },
  {
    name: 'subprotocol-order',
    seen: 'versions in its own order, or in capitals',
    threads: [],
    rule: 'ours decides the order; the answer repeats its spelling',
    where: 'ocpp-adapters/version-table.ts',
    test: ['test/ocpp/upgrade.test.ts', 'chooses ocpp1.6 among the offers and repeats its spelling'],
  },
  {
    name: 'no-subprotocol',
    seen: 'no Sec-WebSocket-Protocol',
    threads: ['lbbrhzn/ocpp#442', 'steve-community/steve#1109', 'dallmann-consulting/OCPP.Core#43'],
    rule: 'taken for OCPP 1.6',
    where: 'ocpp-adapters/version-table.ts',
    test: ['test/ocpp/upgrade.test.ts', 'takes one that offers no subprotocol for 1.6, and notes it'],
  },
  {
    name: 'odd-path',
    seen: 'a trailing slash, doubled slashes, an encoded id or a query in the URL',
    threads: ['citrineos/citrineos-core#1093', 'OpenEMS/openems#1401'],
    rule: 'tolerated and decoded',
    where: 'ocpp-adapters/upgrade.ts',
    test: ['test/ocpp/upgrade.test.ts', 'takes the percent-decoded id from the path and tolerates slashes and a query'],
  },
  {
    name: 'no-pong',
    seen: 'pings that get no pong, or a charge point that pings itself',
    threads: ['lbbrhzn/ocpp#211', 'mobilityhouse/ocpp#626'],
    rule: 'any sign of life counts',
    where: 'ocpp-adapters/keepalive.ts',
    test: ['test/ocpp/connection.test.ts', 'keeps one that answers no pings but sends messages'],
  },
];

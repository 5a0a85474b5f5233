import assert from 'node:assert/strict';
import { until } from '../support/bridge.js';
import type { Entry } from './entry.js';
import { ago, CARD, OTHER_CARD } from './stage.js';

/** Ids that mean none. */
const none = [-1, 0, 9_223_372_036_854_775_807];

/** Everything about which transaction is meant. */
export const transactions: readonly Entry[] = [
  {
    name: 'stop-sent-again',
    seen: 'a StopTransaction that is sent again, though it was answered or because the answer was lost',
    threads: ['citrineos/citrineos-core#880', 'matth-x/MicroOcpp#50'],
    rule: 'answered again, counted once',
    where: 'src/app/transactions.ts',
    async story(stage) {
      const id = await stage.start();
      const timestamp = ago(1);
      for (let time = 0; time < 3; time += 1) await stage.stop(id, 3_000, { timestamp });
      await stage.billed(2_000, []);
      await stage.stop(id, 9_000, { timestamp });
      await stage.billed(2_000, []);
    },
  },
  {
    name: 'start-sent-again',
    seen: 'a StartTransaction that is sent again, with another message id, or after a lost connection',
    threads: ['matth-x/MicroOcpp#237', 'steve-community/steve#81', 'mobilityhouse/ocpp#186'],
    rule: 'the same connector, idTag, time and register are the same transaction, and get the same id',
    where: 'src/app/transactions.ts',
    async story(stage) {
      const timestamp = ago(30);
      const id = await stage.start({ timestamp });
      assert.equal(await stage.start({ timestamp }), id);
      assert.equal(await stage.start({ timestamp, idTag: CARD.toLowerCase() }), id);
      await stage.stop(id, 3_000);
      assert.equal(await stage.start({ timestamp }), id);
      await stage.billed(2_000, []);
    },
  },
  {
    name: 'stop-without-id',
    seen: 'transactionId −1, 0, 2^63 or none in the stop of a transaction that was started offline',
    threads: [
      'EVerest/libocpp#495',
      'c-jimenez/open-ocpp#24',
      'mobilityhouse/ocpp#617',
      'dallmann-consulting/OCPP.Core#55',
    ],
    rule: 'the one running session that driver and time allow, or else the one that the register allows',
    where: 'src/domain/stops.ts',
    recorded: 'anomaly `stop-without-id`',
    async story(stage) {
      for (const [index, id] of [...none, undefined].entries()) {
        await stage.start({ meterStart: 1_000 * index, timestamp: ago(200 - 20 * index) });
        await stage.stop(id, 1_000 * index + 700, { timestamp: ago(190 - 20 * index), idTag: CARD });
        await stage.billed(700, ['stop-without-id'], index + 1);
      }
    },
  },
  {
    name: 'stop-without-id-of-two',
    seen: 'the same while both connectors charge',
    threads: ['EVerest/libocpp#495'],
    rule: 'the register tells them apart; where it does not, neither is ended',
    where: 'src/domain/stops.ts',
    recorded: 'anomaly `stop-without-id`, deviation `unknown-stop`',
    async story(stage) {
      await stage.start({ meterStart: 1_000 });
      const second = await stage.start({ connectorId: 2, meterStart: 700_000 });
      await stage.stop(-1, 702_000);
      const [first, other] = await until(async () => {
        const all = await stage.sessions();
        return all.some(({ endedAt }) => endedAt !== undefined) && all;
      }, 'one to end');
      assert.equal(first?.endedAt, undefined);
      assert.equal(other?.transactionId, String(second));
      assert.equal(other.energyWh, 2_000);
      const third = await stage.start({ connectorId: 2, meterStart: 1_000, idTag: OTHER_CARD });
      await stage.stop(-1, 2_000);
      assert.equal((await stage.sessions()).filter(({ endedAt }) => endedAt === undefined).length, 2);
      await stage.deviated('unknown-stop');
      await stage.stop(-1, 2_500, { idTag: OTHER_CARD });
      const [still, ...ended] = await stage.sessions();
      assert.equal(still?.endedAt, undefined);
      assert.equal(ended.at(-1)?.transactionId, String(third));
      assert.equal(ended.at(-1)?.energyWh, 1_500);
    },
  },
  {
    name: 'samples-without-id',
    seen: 'transactionId 0, −1 or none in MeterValues, now and then or always',
    threads: ['mobilityhouse/ocpp#478', 'mobilityhouse/ocpp#617', 'lbbrhzn/ocpp#45'],
    rule: 'taken for the running transaction of the connector',
    where: 'src/app/transactions.ts',
    async story(stage) {
      const id = await stage.start();
      for (const [index, wrong] of [...none, undefined].entries()) {
        await stage.sample(wrong, 1_500 + 100 * index, 30 - index);
      }
      assert.equal((await stage.sessions())[0]?.energyWh, 800);
      await stage.stop(id, 3_000);
      await stage.billed(2_000, []);
    },
  },
  {
    name: 'unknown-stop',
    seen: 'the stop of a transaction that was never started here',
    threads: ['ConnectorIO/connectorio-addons#199'],
    rule: 'answered, or it would come for ever; kept for a day, for a start that is still to come',
    where: 'src/app/transactions.ts',
    recorded: 'deviation `unknown-stop`',
    async story(stage) {
      await stage.stop(123_456, 3_000, { idTag: 'STRANGER' });
      assert.deepEqual(await stage.sessions(), []);
      await stage.deviated('unknown-stop');
    },
  },
  {
    name: 'stop-of-another',
    seen: 'the stop of a transaction of another server, or with an id made up',
    threads: ['dallmann-consulting/OCPP.Core#34'],
    rule: 'ends no transaction whose own id the charge point has used',
    where: 'src/domain/stops.ts',
    recorded: 'deviation `unknown-stop`',
    async story(stage) {
      const id = await stage.start();
      await stage.sample(id, 2_000, 30);
      await stage.stop(2_000_000_000, 2_500, { timestamp: ago(10), idTag: CARD });
      assert.equal((await stage.sessions())[0]?.endedAt, undefined);
      await stage.stop(id, 3_000);
      await stage.billed(2_000, []);
    },
  },
  {
    name: 'same-second',
    seen: 'two connectors start in the same second: ids from the time collide',
    threads: ['lbbrhzn/ocpp#2128', 'lbbrhzn/ocpp#2123'],
    rule: 'ids come from a counter that is never used again',
    where: 'src/app/numbers.ts',
    async story(stage) {
      const timestamp = ago(30);
      const [one, two] = await Promise.all([
        stage.start({ timestamp }),
        stage.start({ timestamp, connectorId: 2, idTag: OTHER_CARD }),
      ]);
      assert.notEqual(one, two);
      await Promise.all([stage.stop(two, 4_000), stage.stop(one, 3_000)]);
      await until(async () => (await stage.sessions()).every((each) => stage.cdrs(each).length === 1), 'both CDRs');
      const energies = (await stage.sessions()).map(({ connector, energyWh }) => [connector, energyWh] as const);
      assert.deepEqual(energies.sort(), [
        ['1', 2_000],
        ['2', 3_000],
      ]);
    },
  },
  {
    name: 'samples-after-stop',
    seen: 'MeterValues with the id of a transaction that is over, or without id just after it',
    threads: ['evcc-io/evcc#14673', 'lbbrhzn/ocpp#1069'],
    rule: 'change nothing any more',
    where: 'src/app/transactions.ts',
    recorded: 'anomaly `meter-value-after-end`',
    async story(stage) {
      const id = await stage.start();
      await stage.stop(id, 3_000);
      await stage.sample(undefined, 3_004, 0);
      await stage.billed(2_000, []);
      await stage.sample(id, 3_004, 0);
      await stage.billed(2_000, ['meter-value-after-end']);
    },
  },
  {
    name: 'start-without-stop',
    seen: 'a new StartTransaction though the last one was never stopped',
    threads: ['evcc-io/evcc#30247', 'citrineos/citrineos-core#1053'],
    rule: 'the last one ends at its last reading; a late stop replaces that',
    where: 'src/app/sessions.ts',
    recorded: 'anomalies `repaired`, `late-stop`',
    async story(stage) {
      const lost = await stage.start({ timestamp: ago(60) });
      await stage.sample(lost, 2_000, 50);
      const id = await stage.start({ meterStart: 5_000, timestamp: ago(30) });
      const [before] = await stage.sessions();
      assert.equal(before?.status, 'COMPLETED');
      assert.equal(before.energyWh, 1_000);
      assert.deepEqual(before.anomalies, ['repaired']);
      await stage.stop(lost, 4_000, { timestamp: ago(40) });
      await stage.stop(id, 6_000);
      await stage.billed(1_000, [], 2);
      const [mended] = await stage.sessions();
      assert.ok(mended);
      assert.equal(mended.energyWh, 3_000);
      assert.deepEqual(mended.anomalies, ['late-stop']);
      assert.deepEqual(
        stage.cdrs(mended).map((cdr) => cdr['total_energy']),
        [3],
      );
    },
  },
  {
    name: 'id-tag-case',
    seen: 'the idTag in another case at start and stop',
    threads: ['EVerest/EVerest#566', 'sap-labs-france/ev-server#1774'],
    rule: 'idTags are compared without case (OCPP 1.6 §7.28)',
    where: 'src/domain/charge-point.ts',
    async story(stage) {
      assert.equal(await stage.cp.authorize(CARD.toLowerCase()), 'Accepted');
      await stage.start({ idTag: ` ${CARD.toLowerCase()} ` });
      await stage.stop(-1, 3_000, { idTag: CARD });
      await stage.billed(2_000, ['stop-without-id']);
    },
  },
  {
    name: 'unknown-connector',
    seen: 'connectors beyond those that were declared',
    threads: [],
    rule: 'the session is kept; its CDR waits until the connector is mapped to an EVSE',
    where: 'src/app/billing.ts',
    recorded: 'anomaly `connector-unmapped`',
    async story(stage) {
      await stage.cp.status(7, 'Charging');
      const id = await stage.start({ connectorId: 7 });
      await stage.stop(id, 3_000);
      const [session] = await stage.sessions();
      assert.equal(session?.status, 'COMPLETED');
      assert.equal(session.energyWh, 2_000);
      assert.deepEqual(session.anomalies, ['connector-unmapped']);
      assert.ok(session.cdrDueAt);
    },
  },
];

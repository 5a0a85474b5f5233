import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createSimulatedEmsp, type SimulatedEmsp } from '../src/demo/emsp.js';
import { registerEmsp, startWorld, until, type Json, type World } from './support/bridge.js';
import { createCharger, type Charger, type Protocol } from './support/chargers.js';
import { createOldEmsp, type OldEmsp } from './support/emsp-2.1.1.js';

const protocols: readonly Protocol[] = ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'];

/** 0.50 + 4 kWh x 0.35 + 15 min parked x 2.00/h = 2.40; VAT 20 %. */
const costs: Readonly<Record<string, unknown>> = {
  '2.3.0': { before_taxes: 2.4, taxes: [{ name: 'VAT', percentage: 20, amount: 0.48 }] },
  '2.2.1': { excl_vat: 2.4, incl_vat: 2.88 },
  '2.1.1': 2.4,
};

/** Who drew the card, and where the charge took place, in each version's words. */
const particulars: Readonly<Record<string, (cdr: Json) => unknown>> = {
  '2.3.0': ({ cdr_token, cdr_location }) => [(cdr_token as Json)['uid'], (cdr_location as Json)['evse_uid']],
  '2.2.1': ({ cdr_token, cdr_location }) => [(cdr_token as Json)['uid'], (cdr_location as Json)['evse_uid']],
  '2.1.1': ({ auth_id, location }) => [
    auth_id,
    ((location as Json)['evses'] as readonly Json[]).map(({ uid }) => uid).join(),
  ],
};

/** A partner of one version with a card of its own. */
interface Partner {
  readonly version: string;
  readonly card: string;
  readonly driver: string;
  readonly cdrs: () => readonly Json[];
}

describe('every OCPP version with every OCPI version, three partners at once', () => {
  let world: World;
  let newest: SimulatedEmsp;
  let oldest: OldEmsp;
  let partners: readonly Partner[] = [];

  before(async () => {
    world = await startWorld({ emsp: { versions: ['2.2.1'] } });
    newest = await createSimulatedEmsp({ partyId: 'NEW', versions: ['2.3.0'] });
    oldest = await createOldEmsp();
    world.emsp.setToken({ uid: 'MIDDLECARD', whitelist: 'ALWAYS' });
    newest.setToken({ uid: 'NEWCARD', whitelist: 'ALWAYS' });
    const { auth_id } = oldest.setToken({ uid: 'OLDCARD', whitelist: 'ALWAYS' });
    await world.emsp.pushToken('MIDDLECARD');
    await registerEmsp(world.operator, newest);
    await registerEmsp(world.operator, oldest);
    partners = [
      { version: '2.3.0', card: 'NEWCARD', driver: 'NEWCARD', cdrs: () => newest.objects.cdrs },
      { version: '2.2.1', card: 'MIDDLECARD', driver: 'MIDDLECARD', cdrs: () => world.emsp.objects.cdrs },
      {
        version: '2.1.1',
        card: 'OLDCARD',
        driver: String(auth_id),
        cdrs: () => [...oldest.objects].filter(([path]) => path.startsWith('cdrs/')).map(([, cdr]) => cdr),
      },
    ];
    await until(async () => {
      const { data } = await world.operator('GET', '/api/tokens');
      return (data as readonly Json[]).length === 3;
    }, 'the tokens of all three');
  });
  after(async () => {
    await world.close();
    await newest.close();
    await oldest.close();
  });

  it('each speaks its own version', async () => {
    const { data } = await world.operator('GET', '/api/partners');
    const versions = (data as readonly { connection: Json }[]).map(({ connection }) => connection['version']);
    assert.deepEqual(versions.sort(), ['2.1.1', '2.2.1', '2.3.0']);
  });

  for (const [index, protocol] of protocols.entries()) {
    describe(protocol, () => {
      let charger: Charger;
      before(async () => {
        charger = createCharger(protocol, { ocppPort: world.bridge.ocppPort });
        await charger.connect();
      });
      after(() => charger.disconnect());

      for (const [number, version] of ['2.3.0', '2.2.1', '2.1.1'].entries()) {
        it(`the same charge is right at a partner of ${version}, and at no other`, async () => {
          const { card, driver, cdrs } = partners[number]!;
          const before = partners.map((each) => each.cdrs().length);
          charger.begin(new Date(Date.now() - (12 - index * 3 - number) * 2 * 3_600_000));
          assert.equal(await charger.tap(card), 'Accepted');
          assert.equal(await charger.start(1, card, 0), 'Accepted');
          await charger.charged(4_000, 45);
          await charger.suspend(45);
          await charger.stop('Local', 4_000, 60);
          await charger.unplug(1);
          const cdr = await until(() => cdrs().at(before[number]!), 'the CDR');
          assert.equal(cdr['total_energy'], 4);
          assert.equal(cdr['total_time'], 1);
          assert.equal(cdr['total_parking_time'], 0.25);
          assert.deepEqual(cdr['total_cost'], costs[version]);
          assert.deepEqual(particulars[version]!(cdr), [driver, 'E1']);
          const gained = partners.map((each, at) => each.cdrs().length - before[at]!);
          assert.deepEqual(
            gained,
            partners.map((_, at) => Number(at === number)),
          );
        });
      }
    });
  }
});

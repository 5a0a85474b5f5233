import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startWorld, until, type Json, type World } from './support/bridge.js';
import { createCharger, type Charger, type Protocol } from './support/chargers.js';

const CARD = '04A2B3C4D5E6F7';
const BLOCKED = '04FFFFFFFFFFFF';
const protocols: readonly Protocol[] = ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'];

/** A story, told once for all versions. It begins and ends with EVSE 1 free. */
interface Story {
  readonly name: string;
  readonly play: (scene: Scene) => Promise<void>;
}

interface Scene {
  readonly world: World;
  readonly charger: Charger;
  /** The EVSE's status at the eMSP becomes this. */
  readonly status: (wanted: string, uid?: string) => Promise<void>;
  /** The CDR that the story leads to. */
  readonly cdr: () => Promise<Json>;
  readonly session: () => Json | undefined;
}

const stories: readonly Story[] = [
  {
    name: 'tap: the driver identifies, plugs in, charges and stops',
    async play({ charger, status, cdr }) {
      assert.equal(await charger.tap(CARD), 'Accepted');
      assert.equal(await charger.start(1, CARD, 0), 'Accepted');
      await status('CHARGING');
      await charger.charged(2_000, 20);
      await charger.stop('Local', 5_000, 40);
      expectCdr(await cdr(), { total_energy: 5, auth_method: 'AUTH_REQUEST', authorization_reference: 'REF' });
    },
  },
  {
    name: 'remote start: an app starts the charge',
    async play({ world, charger, status, cdr }) {
      const asking = charger.asked('start');
      const sent = await world.emsp.startSession({
        token: CARD,
        location_id: 'LOC1',
        evse_uid: 'E1',
        authorization_reference: 'APP-1',
      });
      const asked = await asking;
      assert.equal(asked.idTag, CARD);
      assert.equal(asked.evse, 1);
      assert.deepEqual(await sent.result(5000), { result: 'ACCEPTED' });
      await charger.start(1, CARD, 0, { remoteStartId: asked.remoteStartId });
      await status('CHARGING');
      await charger.stop('Local', 1_500, 30);
      expectCdr(await cdr(), { total_energy: 1.5, auth_method: 'COMMAND', authorization_reference: 'APP-1' });
    },
  },
  {
    name: 'remote stop: an app stops the charge',
    async play({ world, charger, session, cdr }) {
      await charger.tap(CARD);
      await charger.start(1, CARD, 0);
      await until(() => session()?.['status'] === 'ACTIVE', 'an ACTIVE session');
      const asking = charger.asked('stop');
      const sent = await world.emsp.stopSession(String(session()?.['id']));
      await asking;
      assert.deepEqual(await sent.result(5000), { result: 'ACCEPTED' });
      await charger.stop('Remote', 800, 10);
      expectCdr(await cdr(), { total_energy: 0.8 });
    },
  },
  {
    name: 'reservation used: who reserved charges without being asked about again',
    async play({ world, charger, status, cdr }) {
      const questions = authorizations(world);
      const reserved = await reserve(world, charger, 60);
      await charger.reserved(1);
      await status('RESERVED');
      assert.equal(await charger.start(1, CARD, 0, { reservationId: reserved }), 'Accepted');
      await status('CHARGING');
      await charger.stop('Local', 900, 10);
      expectCdr(await cdr(), { total_energy: 0.9, authorization_reference: 'RES-1' });
      assert.equal(authorizations(world), questions);
    },
  },
  {
    name: 'reservation expired: the EVSE is free again',
    async play({ world, charger, status }) {
      const reserved = await reserve(world, charger, 60);
      await charger.reserved(1);
      await status('RESERVED');
      await charger.reservationExpired(reserved, 1);
      await status('AVAILABLE');
    },
  },
  {
    name: 'plug first: the cable is in before anyone identifies',
    async play({ charger, status, session, cdr }) {
      const before = session()?.['id'];
      await charger.plugIn(1, 0);
      await status('BLOCKED');
      assert.equal(session()?.['id'], before, 'nobody’s session is shown to nobody');
      await charger.tap(CARD);
      assert.equal(await charger.start(1, CARD, 5), 'Accepted');
      await status('CHARGING');
      await charger.stop('Local', 3_000, 35);
      // from the moment of identification
      expectCdr(await cdr(), { total_energy: 3, total_time: 0.5 });
    },
  },
  {
    name: 'authorize first: the card before the cable',
    async play({ world, charger, status, cdr }) {
      const questions = authorizations(world);
      assert.equal(await charger.tap(CARD), 'Accepted');
      await charger.plugIn(1, 1);
      assert.equal(await charger.start(1, CARD, 2), 'Accepted');
      assert.equal(authorizations(world), questions + 1, 'asked once');
      await status('CHARGING');
      await charger.stop('Local', 2_500, 32);
      expectCdr(await cdr(), { total_energy: 2.5, authorization_reference: 'REF' });
    },
  },
  {
    name: 'suspended and resumed: the vehicle pauses by its own wish',
    async play({ charger, cdr }) {
      await charger.tap(CARD);
      await charger.start(1, CARD, 0);
      await charger.charged(1_000, 10);
      await charger.suspend(15);
      await charger.resume(45);
      await charger.charged(2_000, 55);
      await charger.stop('Local', 2_000, 60);
      expectCdr(await cdr(), { total_energy: 2, total_time: 1, total_parking_time: 0.5 });
    },
  },
  {
    name: 'EV unplugged: that ends the charge',
    async play({ charger, status, cdr }) {
      await charger.tap(CARD);
      await charger.start(1, CARD, 0);
      await charger.stop('EVDisconnected', 700, 6);
      await charger.unplug(1);
      await status('AVAILABLE');
      expectCdr(await cdr(), { total_energy: 0.7, total_time: 0.1 });
    },
  },
  {
    name: 'refused token: nobody is billed',
    async play({ world, charger }) {
      const { sessions, cdrs } = world.emsp.objects;
      const [sessionsBefore, cdrsBefore] = [sessions.size, cdrs.length];
      assert.equal(await charger.tap(BLOCKED), 'Blocked');
      assert.notEqual(await charger.start(1, BLOCKED, 0), 'Accepted');
      await charger.stop('DeAuthorized', 10, 1);
      const { data } = await world.operator('GET', '/api/sessions');
      const last = (data as readonly Json[]).at(-1);
      assert.equal(last?.['status'], 'INVALID');
      assert.ok((last['anomalies'] as string[]).includes('unauthorized'));
      assert.deepEqual([sessions.size, cdrs.length], [sessionsBefore, cdrsBefore]);
    },
  },
];

const authorizations = (world: World): number =>
  world.emsp.requests.filter(({ path }) => path.includes('/authorize')).length;

function expectCdr(cdr: Json, expected: Json): void {
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(cdr[name], value, name);
}

async function reserve(world: World, charger: Charger, minutes: number): Promise<number> {
  const asking = charger.asked('reserve');
  const sent = await world.emsp.reserveNow({
    token: CARD,
    location_id: 'LOC1',
    evse_uid: 'E1',
    reservation_id: 'their-own-id',
    expiry_date: new Date(Date.now() + minutes * 60_000).toISOString(),
    authorization_reference: 'RES-1',
  });
  const asked = await asking;
  assert.equal(asked.evse, 1);
  assert.deepEqual(await sent.result(5000), { result: 'ACCEPTED' });
  return asked.reservationId ?? -1;
}

for (const protocol of protocols) {
  describe(`stories over ${protocol}`, () => {
    let world: World;
    let charger: Charger;

    before(async () => {
      world = await startWorld({
        emsp: {
          verdictOf: ({ uid }) =>
            uid === BLOCKED ? { allowed: 'BLOCKED' } : { allowed: 'ALLOWED', authorizationReference: 'REF' },
        },
      });
      for (const uid of [CARD, BLOCKED]) {
        world.emsp.setToken({ uid, whitelist: 'NEVER' });
        await world.emsp.pushToken(uid);
      }
      charger = createCharger(protocol, { ocppPort: world.bridge.ocppPort });
      await charger.connect();
    });
    after(async () => {
      await charger.disconnect();
      await world.close();
    });

    for (const [index, { name, play }] of stories.entries()) {
      it(name, async () => {
        charger.begin(new Date(Date.now() - (stories.length - index) * 2 * 3_600_000));
        const { cdrs, locations, sessions } = world.emsp.objects;
        const count = cdrs.length;
        const status = async (wanted: string, uid = 'E1'): Promise<void> => {
          await until(() => {
            const evses = locations.get('NL/RBR/LOC1')?.['evses'] as readonly Json[] | undefined;
            return evses?.find((each) => each['uid'] === uid)?.['status'] === wanted;
          }, `EVSE ${uid} ${wanted}`);
        };
        await status('AVAILABLE');
        await play({
          world,
          charger,
          status,
          session: () => [...sessions.values()].at(-1),
          cdr: () => until(() => cdrs.at(count), 'the CDR'),
        });
        await charger.unplug(1);
        await status('AVAILABLE');
        assert.ok(cdrs.length <= count + 1, 'one CDR a charge');
      });
    }
  });
}

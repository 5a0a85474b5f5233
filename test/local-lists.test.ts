import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startWorld, until, type Json, type World } from './support/bridge.js';

interface SentList {
  readonly listVersion: number;
  readonly updateType: string;
  readonly localAuthorizationList: readonly { readonly idTag: string; readonly idTagInfo?: Json }[];
}

describe('local authorization lists', () => {
  let world: World;
  const sent: SentList[] = [];
  let held = 0;
  let most = Infinity;

  before(async () => {
    world = await startWorld({ config: { bootSettle: 0.01 } });
    const { chargePoint, emsp } = world;
    chargePoint.on('GetLocalListVersion', () => ({ listVersion: held }));
    chargePoint.on('SendLocalList', (payload) => {
      const list = payload as unknown as SentList;
      sent.push(list);
      if (list.localAuthorizationList.length > most) return { status: 'Failed' };
      held = list.listVersion;
      return { status: 'Accepted' };
    });
    for (const [uid, whitelist] of [
      ['ALWAYS-1', 'ALWAYS'],
      ['ALLOWED-1', 'ALLOWED'],
      ['OFFLINE-1', 'ALLOWED_OFFLINE'],
      ['NEVER-1', 'NEVER'],
      ['UNUSED-1', 'ALWAYS'],
    ] as const) {
      emsp.setToken({ uid, whitelist });
      await emsp.pushToken(uid);
    }
    await chargePoint.connect();
  });
  after(() => world.close());

  /** What a boot makes the bridge send, whole lists and their parts. */
  async function listsOfBoot(): Promise<readonly SentList[]> {
    const before = sent.length;
    await world.chargePoint.boot();
    await until(() => sent.length > before, 'a list');
    return sent.slice(before);
  }

  it('has nothing on it while nobody has charged here', async () => {
    const asked = new Promise<void>((resolve) =>
      world.chargePoint.on('GetLocalListVersion', () => {
        resolve();
        return { listVersion: held };
      }),
    );
    await world.chargePoint.boot();
    await asked;
    await world.chargePoint.heartbeat();
    assert.deepEqual(sent, []);
  });

  it('gets the tokens that charged here and permit offline use, the latest first', async () => {
    for (const uid of ['ALWAYS-1', 'ALLOWED-1', 'NEVER-1', 'OFFLINE-1']) {
      assert.equal(await world.chargePoint.authorize(uid), 'Accepted', uid);
    }
    const [list] = await listsOfBoot();
    assert.equal(list?.updateType, 'Full');
    assert.deepEqual(list.localAuthorizationList, [
      { idTag: 'OFFLINE-1', idTagInfo: { status: 'Accepted' } },
      { idTag: 'ALLOWED-1', idTagInfo: { status: 'Accepted' } },
      { idTag: 'ALWAYS-1', idTagInfo: { status: 'Accepted' } },
    ]);
  });

  it('loses a token that its eMSP revoked', async () => {
    world.emsp.setToken({ uid: 'ALLOWED-1', whitelist: 'ALLOWED', valid: false });
    await world.emsp.pushToken('ALLOWED-1');
    const [list] = await listsOfBoot();
    assert.deepEqual(
      list?.localAuthorizationList.map(({ idTag }) => idTag),
      ['OFFLINE-1', 'ALWAYS-1'],
    );
  });

  it('is sent again to a charge point that lost it', async () => {
    held = 0;
    const [list] = await listsOfBoot();
    assert.equal(list?.localAuthorizationList.length, 2);
    assert.ok(list.listVersion > 1, 'versions only rise');
  });

  it('is shortened to what the charge point takes', async () => {
    most = 1;
    held = 0;
    const before = sent.length;
    await listsOfBoot();
    await until(() => sent.at(-1)?.localAuthorizationList.length === 1, 'a shorter list');
    assert.equal(sent.length - before, 2);
    assert.equal(sent.at(-1)?.localAuthorizationList[0]?.idTag, 'OFFLINE-1');
  });
});

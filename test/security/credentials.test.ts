import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAttemptLimit } from '../../src/app/attempt-limit.js';
import type { Admission } from '../../src/app/charge-point-events.js';
import { createCredentialCheck } from '../../src/app/credentials.js';
import type { ChargePoint } from '../../src/domain/charge-point.js';
import { createFakeClock } from '../support/fake-clock.js';

const chargePoint = (id: string): ChargePoint => ({
  id,
  passwordHash: `hash of ${id}`,
  securityProfile: 1,
  registration: 'Accepted',
  evses: {},
  connectors: {},
  grants: [],
});

/** A check whose passwords are `right`, each remembered once it was shown; it counts what was looked at. */
function setUp() {
  const clock = createFakeClock();
  const remembered = new Set<string>();
  let looked = 0;
  const check = createCredentialCheck({
    passwords: {
      async check(password, hash) {
        looked += 1;
        await Promise.resolve();
        if (password !== 'right') return false;
        remembered.add(hash);
        return true;
      },
      remembers: (password, hash) => password === 'right' && remembered.has(hash),
    },
    attempts: createAttemptLimit(clock, { windowMs: 60_000, maxKeys: 100 }),
    limits: { maxFailures: 3, maxFailuresPerAddress: 5 },
    allowPlain: false,
    acceptUnknown: false,
  });
  const attempt = async (id: string, password: string, remoteAddress = '192.0.2.1'): Promise<string> => {
    const admission: Admission = {
      chargePointId: id,
      credentials: { username: id, password },
      secure: false,
      remoteAddress,
    };
    const verdict = await check(chargePoint(id), admission);
    return 'refusal' in verdict ? verdict.refusal : `profile ${verdict.profile}`;
  };
  return { clock, attempt, looked: () => looked };
}

describe('wrong passwords', () => {
  it('of one charge point are not looked at after some, wherever they come from, until the window ends', async () => {
    const { clock, attempt, looked } = setUp();
    for (let count = 0; count < 3; count += 1)
      assert.equal(await attempt('CP-1', 'wrong', `192.0.2.${count}`), 'unauthorized');
    assert.equal(await attempt('cp-1', 'wrong', '192.0.2.9'), 'limited');
    assert.equal(await attempt('CP-1', 'right', '192.0.2.9'), 'limited', 'nobody knows that it is right');
    assert.equal(looked(), 3);
    assert.equal(await attempt('CP-2', 'right', '192.0.2.9'), 'profile 1');
    await clock.advance(60_000);
    assert.equal(await attempt('CP-1', 'right'), 'profile 1');
  });

  it('from one address are not looked at after some, whichever charge points they name', async () => {
    const { attempt, looked } = setUp();
    for (let count = 0; count < 5; count += 1) assert.equal(await attempt(`CP-${count}`, 'wrong'), 'unauthorized');
    assert.equal(await attempt('CP-9', 'right'), 'limited');
    assert.equal(looked(), 5);
    assert.equal(await attempt('CP-9', 'right', '192.0.2.2'), 'profile 1');
  });

  it('from one IPv6 network count together', async () => {
    const { attempt } = setUp();
    for (let count = 0; count < 5; count += 1) await attempt(`CP-${count}`, 'wrong', `2001:db8::${count}`);
    assert.equal(await attempt('CP-9', 'right', '2001:db8:0:0:9:9:9:9'), 'limited');
    assert.equal(await attempt('CP-9', 'right', '2001:db8:0:1::1'), 'profile 1');
  });

  it('by others keep out no charge point whose password was right before', async () => {
    const { attempt } = setUp();
    assert.equal(await attempt('CP-1', 'right'), 'profile 1');
    for (let count = 0; count < 4; count += 1) await attempt('CP-1', 'wrong', '198.51.100.7');
    assert.equal(await attempt('CP-1', 'wrong', '198.51.100.7'), 'limited');
    assert.equal(await attempt('CP-1', 'right'), 'profile 1');
  });

  it('that come all at once are no more than that many', async () => {
    const { attempt, looked } = setUp();
    const results = await Promise.all(Array.from({ length: 20 }, () => attempt('CP-1', 'wrong')));
    assert.equal(results.filter((result) => result === 'unauthorized').length, 3);
    assert.equal(looked(), 3);
  });

  it('right ones don’t count', async () => {
    const { attempt } = setUp();
    for (let count = 0; count < 10; count += 1) assert.equal(await attempt(`CP-${count}`, 'right'), 'profile 1');
    assert.equal(await attempt('CP-10', 'wrong'), 'unauthorized');
  });

  it('say for how long they are not looked at', async () => {
    const clock = createFakeClock();
    const limit = createAttemptLimit(clock, { windowMs: 60_000, maxKeys: 10 });
    const keys = [{ key: 'a', max: 1 }];
    assert.equal(limit.begin(keys), undefined);
    await clock.advance(45_000);
    assert.deepEqual(limit.begin(keys), { waitMs: 15_000, first: true });
    assert.deepEqual(limit.begin([...keys, { key: 'b', max: 1 }]), { waitMs: 15_000, first: false });
    assert.equal(limit.begin([{ key: 'b', max: 1 }]), undefined, 'what was refused was not counted');
  });

  it('of very many are forgotten, the oldest first', () => {
    const limit = createAttemptLimit(createFakeClock(), { windowMs: 60_000, maxKeys: 10 });
    const key = (name: number) => [{ key: String(name), max: 1 }];
    for (let name = 0; name < 11; name += 1) limit.begin(key(name));
    assert.equal(limit.begin(key(10))?.waitMs, 60_000);
    assert.equal(limit.begin(key(1))?.waitMs, 60_000);
    assert.equal(limit.begin(key(0)), undefined, 'the oldest was forgotten');
  });
});

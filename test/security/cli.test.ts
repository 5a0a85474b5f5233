import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CHARGE_POINT, startWorld } from '../support/bridge.js';
import { runCli } from '../support/cli.js';

it('roambridge charge-point security-profile sets it, and says whether the charge point was told', async (t) => {
  const world = await startWorld();
  t.after(() => world.close());
  const run = (...args: readonly string[]) =>
    runCli(['charge-point', 'security-profile', ...args], { ROAMBRIDGE_DATA_DIR: world.dataDir });
  assert.deepEqual(await run(CHARGE_POINT, '3'), { code: 0, out: 'security profile 3; it was not told\n', err: '' });
  await assert.rejects(world.chargePoint.connect(), /403/);
  assert.equal((await run(CHARGE_POINT, '1', '--json')).out, '{"securityProfile":1}\n');
  await world.chargePoint.connect();
  await world.chargePoint.boot();
  world.chargePoint.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
  assert.match((await run(CHARGE_POINT, '2')).out, /^security profile 2; told to it: accepted$/m);
  assert.equal((await run(CHARGE_POINT, '4')).code, 2);
  assert.equal((await run('nobody', '1')).code, 1);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evseStatusOf, grantFor, withGrant, type ConnectorState } from '../../src/domain/charge-point.js';
import type { EvseStatus } from '../../src/domain/location.js';
import { aChargePoint, at } from '../support/documents.js';
import { cdrTokenOf } from '../../src/domain/token.js';
import { aToken } from '../support/documents.js';

const report = (state: ConnectorState) => ({ state, at: at() });

describe('the OCPI status of an EVSE from what its charge point reports', () => {
  const single: readonly [ConnectorState, EvseStatus][] = [
    ['Available', 'AVAILABLE'],
    ['Preparing', 'BLOCKED'],
    ['Finishing', 'BLOCKED'],
    ['Charging', 'CHARGING'],
    ['SuspendedEV', 'CHARGING'],
    ['SuspendedEVSE', 'CHARGING'],
    ['Reserved', 'RESERVED'],
    ['Unavailable', 'INOPERATIVE'],
    ['Faulted', 'OUTOFORDER'],
    ['Occupied', 'BLOCKED'],
  ];
  for (const [state, expected] of single) {
    it(`${state} is ${expected}`, () => {
      const chargePoint = aChargePoint({ evses: { 1: 'A' }, connectors: { 1: report(state) } });
      assert.equal(evseStatusOf(chargePoint, 'A', false), expected);
    });
  }

  it('Occupied is CHARGING while a transaction runs', () => {
    const chargePoint = aChargePoint({ evses: { 1: 'A' }, connectors: { 1: report('Occupied') } });
    assert.equal(evseStatusOf(chargePoint, 'A', true), 'CHARGING');
  });

  it('nothing reported yet is UNKNOWN', () => {
    assert.equal(evseStatusOf(aChargePoint({ evses: { 1: 'A' }, connectors: {} }), 'A', false), 'UNKNOWN');
  });

  it('a lost connection is UNKNOWN, whatever was reported', () => {
    const chargePoint = aChargePoint({
      evses: { 1: 'A' },
      connectors: { 1: report('Charging') },
      offlineSince: at(),
    });
    assert.equal(evseStatusOf(chargePoint, 'A', false), 'UNKNOWN');
  });

  const whole: readonly [ConnectorState, EvseStatus][] = [
    ['Unavailable', 'INOPERATIVE'],
    ['Faulted', 'OUTOFORDER'],
    ['Available', 'CHARGING'],
  ];
  for (const [state, expected] of whole) {
    it(`connector 0 ${state} makes a charging EVSE ${expected}`, () => {
      const chargePoint = aChargePoint({
        evses: { 1: 'A' },
        connectors: { 0: report(state), 1: report('Charging') },
      });
      assert.equal(evseStatusOf(chargePoint, 'A', false), expected);
    });
  }

  const grouped: readonly [ConnectorState, ConnectorState, EvseStatus][] = [
    ['Available', 'Charging', 'CHARGING'],
    ['Preparing', 'Reserved', 'BLOCKED'],
    ['Available', 'Reserved', 'RESERVED'],
    ['Faulted', 'Available', 'AVAILABLE'],
    ['Faulted', 'Faulted', 'OUTOFORDER'],
    ['Faulted', 'Unavailable', 'INOPERATIVE'],
  ];
  for (const [first, second, expected] of grouped) {
    it(`${first} and ${second} on one EVSE are ${expected}`, () => {
      const chargePoint = aChargePoint({
        evses: { 1: 'A', 2: 'A', 3: 'B' },
        connectors: { 1: report(first), 2: report(second), 3: report('Charging') },
      });
      assert.equal(evseStatusOf(chargePoint, 'A', false), expected);
    });
  }
});

describe('grants that wait for their transaction', () => {
  const grant = (overrides = {}) => ({
    idTag: 'ABC',
    partnerId: 'ems',
    token: cdrTokenOf(aToken()),
    authMethod: 'AUTH_REQUEST' as const,
    at: at(),
    ...overrides,
  });

  it('is found by its idTag without case', () => {
    assert.ok(grantFor([grant()], 'abc', '1', at(1000)));
  });
  it('is not found by another idTag', () => {
    assert.equal(grantFor([grant()], 'abd', '1', at(1000)), undefined);
  });
  it('of this connector comes before one of any', () => {
    const any = grant();
    const here = grant({ connector: '2', authMethod: 'COMMAND' });
    assert.equal(grantFor([any, here], 'ABC', '2', at(1000)), here);
  });
  it('of another connector does not count', () => {
    assert.equal(grantFor([grant({ connector: '2' })], 'ABC', '1', at(1000)), undefined);
  });
  it('lapses after 15 minutes', () => {
    assert.ok(grantFor([grant()], 'ABC', '1', at(15 * 60_000)));
    assert.equal(grantFor([grant()], 'ABC', '1', at(15 * 60_000 + 1)), undefined);
  });
  it('replaces one for the same idTag and connector and drops those that lapsed', () => {
    const old = grant({ idTag: 'OLD', at: at(-20 * 60_000) });
    const other = grant({ idTag: 'OTHER' });
    const again = grant({ authorizationReference: 'R2', at: at(1000) });
    assert.deepEqual(withGrant([old, grant(), other], again), [other, again]);
  });
});

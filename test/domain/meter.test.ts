import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importRegisterWh, type SampledValue } from '../../src/domain/meter.js';
import { at } from '../support/documents.js';

const register = (value: string, overrides: Partial<SampledValue> = {}): SampledValue => ({
  value,
  measurand: 'Energy.Active.Import.Register',
  unit: 'Wh',
  ...overrides,
});

describe('the import register of a meter sample, in Wh', () => {
  const cases: readonly [string, readonly SampledValue[], number | undefined][] = [
    ['Wh', [register('1234')], 1234],
    ['kWh', [register('1.2345', { unit: 'kWh' })], 1235],
    ['no measurand and no unit: the defaults', [{ value: '99' }], 99],
    ['fraction of a Wh', [register('10.6')], 11],
    ['decimal comma', [register('10,4')], 10],
    ['a multiplier', [register('12', { multiplier: 3 })], 12_000],
    ['phases add up', ['L1', 'L2', 'L3'].map((phase) => register('100', { phase })), 300],
    ['the total before the phases', [register('100', { phase: 'L1' }), register('310')], 310],
    ['phase N is no line', [register('100', { phase: 'L1-N' }), register('7', { phase: 'N' })], 100],
    ['the outlet before the inlet', [register('900', { location: 'Inlet' }), register('800')], 800],
    ['the inlet when it is all there is', [register('900', { location: 'Inlet' })], 900],
    ['other measurands are not energy', [{ value: '11000', measurand: 'Power.Active.Import', unit: 'W' }], undefined],
    ['an interval is no register', [{ value: '5', measurand: 'Energy.Active.Import.Interval' }], undefined],
    ['export is not import', [register('5', { measurand: 'Energy.Active.Export.Register' })], undefined],
    ['below zero is unknown', [register('-1')], undefined],
    [
      'now before then',
      [register('2', { context: 'Sample.Periodic' }), register('0', { context: 'Transaction.Begin' })],
      2,
    ],
    ['the begin when it is all there is', [register('7', { context: 'Transaction.Begin' })], 7],
    ['not a number', [register('n/a')], undefined],
    ['empty', [register('')], undefined],
    ['an unknown unit', [register('5', { unit: 'varh' })], undefined],
    ['nothing', [], undefined],
  ];
  for (const [name, values, expected] of cases) {
    it(name, () => assert.equal(importRegisterWh({ at: at(), values }), expected));
  }
});

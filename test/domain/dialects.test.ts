import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError } from '../../src/config.js';
import { loadDialects } from '../../src/dialects-file.js';
import { dialects, dialectsOf, type Dialect } from '../../src/domain/dialects.js';

const entry = (overrides: Partial<Dialect> = {}): Dialect => ({
  name: 'acme-kwh',
  vendor: 'Acme',
  quirk: 'kWh',
  reference: 'https://example.com/1',
  registerExponent: 3,
  ...overrides,
});

describe('which dialects a charge point speaks', () => {
  const device = { vendor: 'ACME', model: 'One 22kW', firmwareVersion: 'V5.2.8-20230818' };
  const cases: readonly [string, Partial<Dialect>, boolean][] = [
    ['vendor, in whichever case', {}, true],
    ['another vendor', { vendor: 'Acm' }, false],
    ['how the model begins', { model: 'one' }, true],
    ['another model', { model: 'Two' }, false],
    ['from a firmware', { firmware: { from: '5.2' } }, true],
    ['from a later firmware', { firmware: { from: '5.10' } }, false],
    ['before a firmware', { firmware: { before: '5.2.9' } }, true],
    ['before this firmware', { firmware: { before: '5.2.8.20230818' } }, false],
  ];
  for (const [name, overrides, spoken] of cases) {
    it(name, () => assert.equal(dialectsOf(device, [entry(overrides)]).length, spoken ? 1 : 0));
  }

  it('one that tells no firmware speaks none that depends on it, one that has not booted none at all', () => {
    const { vendor, model } = device;
    assert.equal(dialectsOf({ vendor, model }, [entry({ firmware: { before: '9' } })]).length, 0);
    assert.equal(
      dialectsOf({ vendor, model, firmwareVersion: 'beta' }, [entry({ firmware: { from: '0' } })]).length,
      0,
    );
    assert.equal(dialectsOf(undefined, [entry()]).length, 0);
  });
});

describe('the operator’s own dialects', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roambridge-dialects-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = (content: string): string => {
    const path = join(folder, 'dialects.yaml');
    writeFileSync(path, content);
    return path;
  };
  const text = 'vendor: Acme\n  quirk: kWh\n  reference: our own log\n  registerExponent: 3\n';

  it('come before those that are known', () => {
    const loaded = loadDialects(file(`- name: acme-kwh\n  ${text}`));
    assert.equal(loaded.length, dialects.length + 1);
    assert.equal(loaded[0]?.name, 'acme-kwh');
  });

  it('replace one of the same name', () => {
    assert.equal(loadDialects(file(`- name: openevse-kwh\n  ${text}`)).length, dialects.length);
  });

  it('must be right', () => {
    for (const wrong of [`- name: acme-kwh\n  ${text}  factor: 10\n`, '- name: x\n', 'a: [', 'nothing']) {
      assert.throws(() => loadDialects(file(wrong)), ConfigError, wrong);
    }
    assert.throws(() => loadDialects(join(folder, 'none.yaml')), ConfigError);
  });

  it('are none without a file', () => assert.equal(loadDialects(undefined), dialects));
});

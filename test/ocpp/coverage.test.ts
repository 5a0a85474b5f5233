import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as schemas16 from 'typed-ocpp/dist/ocpp16/schemas.js';
import * as schemas20 from 'typed-ocpp/dist/ocpp20/schemas.js';
import * as schemas21 from 'typed-ocpp/dist/ocpp21/schemas.js';
import { versions } from '../../ocpp-adapters/version-table.js';
import { compatibility } from '../support/compatibility.js';

/** Every action that the package of schemas knows, by subprotocol; a SEND has no response and its schema no ending. */
const actionsOf = (schemas: object): readonly string[] =>
  Object.keys(schemas)
    .filter((name) => !name.endsWith('Response'))
    .map((name) => name.replace(/Request$/, ''));

const actions: Readonly<Record<string, readonly string[]>> = {
  'ocpp1.6': actionsOf(schemas16),
  'ocpp2.0.1': actionsOf(schemas20),
  'ocpp2.1': actionsOf(schemas21),
};

describe('messages of the standard', () => {
  for (const { protocol, coverage } of versions) {
    it(`of ${protocol} all have an entry in the version's table, and no others`, () => {
      const known = actions[protocol];
      assert.ok(known, `no list of the actions of ${protocol}`);
      const covered = new Set([...Object.keys(coverage.inbound), ...coverage.outbound]);
      assert.deepEqual(
        known.filter((action) => !covered.has(action)),
        [],
        'without an entry',
      );
      assert.deepEqual(
        [...covered].filter((action) => !known.includes(action)),
        [],
        'not of the standard',
      );
    });
  }

  it('are in docs/compatibility.md as the tables have them', () => {
    if (process.env['UPDATE_DOCS']) writeFileSync('docs/compatibility.md', compatibility());
    assert.equal(readFileSync('docs/compatibility.md', 'utf8'), compatibility(), 'UPDATE_DOCS=1 npm test writes it');
  });
});

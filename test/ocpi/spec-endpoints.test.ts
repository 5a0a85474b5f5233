import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ModuleDeps } from '../../ocpi-modules/module.js';
import { versionTable } from '../../ocpi-modules/version-table.js';
import { readSpecTable } from './spec-files.js';
import { skipWithoutSpecData } from '../support/spec-data.js';
import { specVersions } from './spec-versions.js';

/** `{tokens_url}/{country_code}/{party_id}/{token_uid}?type` as the segments of a path; names don't matter. */
const shapeOf = (path: string): string =>
  (path.replace(/^\{\w+_url\}/, '').split('?')[0] ?? '')
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (/^[:{]/.test(segment) ? '*' : segment))
    .join('/');

test('every version that we speak is held to its specification', () => {
  assert.deepEqual(
    specVersions.map(({ version }) => version),
    versionTable.map(({ version }) => version),
  );
});

for (const { version, spec } of specVersions) {
  describe(`the routes that we serve in ${version}`, { skip: skipWithoutSpecData }, () => {
    const ours = versionTable.find((each) => each.version === version);
    const rows = readSpecTable('endpoints.tsv', spec);

    for (const { identifier, role, routes } of ours?.modules ?? []) {
      // routes are only listed here, none is called
      const served = routes({ ...ours, requests: {} } as unknown as ModuleDeps).map(
        ({ method, path }) => `${method} ${shapeOf(path)}`,
      );
      // 2.1.1 calls our sides, whichever they are, those of the CPO
      const sides =
        identifier === 'credentials' ? /^(both|CPO and eMSP)/ : role === 'SENDER' ? /^(Sender|CPO)/ : /^(Receiver|CPO)/;
      const theirs = rows
        .filter((row) => row['module'] === identifier && sides.test(row['interface'] ?? ''))
        .map((row) => `${row['method']} ${shapeOf(row['url_pattern'] ?? '')}`);

      test(`${identifier} ${role} has every endpoint of the table, and no other`, () => {
        assert.ok(theirs.length > 0);
        const named = theirs.map((route) => (identifier === 'commands' ? route.replace(/[A-Z_]+$/, '*') : route));
        assert.deepEqual([...new Set(served)].sort(), [...new Set(named)].sort());
      });
    }
  });
}

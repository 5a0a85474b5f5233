import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ModuleDeps } from '../../ocpi-modules/module.js';
import { versionTable } from '../../ocpi-modules/version-table.js';
import { readSpecTable } from './spec-files.js';
import { skipWithoutSpecData } from '../support/spec-data.js';

/** `{tokens_url}/{country_code}/{party_id}/{token_uid}?type` as the segments of a path; names don't matter. */
const shapeOf = (path: string): string =>
  (path.replace(/^\{\w+_url\}/, '').split('?')[0] ?? '')
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (/^[:{]/.test(segment) ? '*' : segment))
    .join('/');

describe('the routes that we serve in 2.2.1', { skip: skipWithoutSpecData }, () => {
  const version = versionTable.find((each) => each.version === '2.2.1');
  const rows = readSpecTable('endpoints.tsv', '2.2.1-d2');

  for (const { identifier, role, routes } of version?.modules ?? []) {
    // routes are only listed here, none is called
    const ours = routes({ version: '2.2.1', codec: version?.codec, requests: {} } as unknown as ModuleDeps).map(
      ({ method, path }) => `${method} ${shapeOf(path)}`,
    );
    const side = identifier === 'credentials' ? 'both' : role === 'SENDER' ? 'Sender' : 'Receiver';
    const theirs = rows
      .filter((row) => row['module'] === identifier && (row['interface'] ?? '').startsWith(side))
      .map((row) => `${row['method']} ${shapeOf(row['url_pattern'] ?? '')}`);

    test(`${identifier} ${role} has every endpoint of the table, and no other`, () => {
      assert.ok(theirs.length > 0);
      const named = theirs.map((route) => (identifier === 'commands' ? route.replace(/[A-Z_]+$/, '*') : route));
      assert.deepEqual([...new Set(ours)].sort(), [...new Set(named)].sort());
    });
  }
});

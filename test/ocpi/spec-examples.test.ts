import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { z } from 'zod';
import { readSpecJson, readSpecTable } from './spec-files.js';
import { skipWithoutSpecData } from '../support/spec-data.js';
import { schemaNamed, specVersions } from './spec-versions.js';

const isPartial = (row: Record<string, string>): boolean =>
  (row['file'] ?? '').includes('-patch-') || /^fragment|is a PATCH body/.test(row['note'] ?? '');

/** A version that no one has heard of is no fault of a list of versions (OCPI 2.2.1 §6.1.2). */
const openOnPurpose = /^version \S+ is not in the VersionNumber enum/;

/** The JSON value that a schema makes of another. */
const reread = (schema: z.ZodType, json: unknown): unknown => JSON.parse(JSON.stringify(schema.parse(json)));

for (const { version, spec, schemas } of specVersions) {
  describe(`the examples of OCPI ${version}`, { skip: skipWithoutSpecData }, () => {
    const rows = readSpecTable('examples/INDEX.tsv', spec).filter((row) => row['valid_json'] === 'yes');

    test('are all there', () => assert.ok(rows.length >= 25, `${rows.length} examples`));

    for (const row of rows) {
      const { file = '', object = '', note = '' } = row;
      test(`${file}: ${note.slice(0, 60)}`, () => {
        const json = readSpecJson(spec, file);
        const schema = schemaNamed(schemas, object);
        assert.ok(schema, `no schema for ${object}`);
        const erratum = /^erratum-schema: (.*)/.exec(note)?.[1];
        if (erratum !== undefined && !openOnPurpose.test(erratum)) {
          assert.equal(schema.safeParse(json).success, false, 'a misprint must not loosen the schema');
          return;
        }
        const fitting = isPartial(row) ? (schema as z.ZodObject).partial() : schema;
        assert.deepEqual(reread(fitting, json), json);
      });
    }
  });
}

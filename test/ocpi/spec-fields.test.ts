import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { schemas } from './schemas-2.2.1.js';
import { readSpecTable } from './spec-files.js';
import { skipWithoutSpecData } from '../support/spec-data.js';

const version = '2.2.1-d2';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

const described = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as JsonSchema;

/** Without the null that cardinality ? and * allow. */
function present(of: JsonSchema | undefined): JsonSchema {
  const here = of?.anyOf?.find((each) => each.type !== 'null') ?? of ?? {};
  return Array.isArray(here.type) ? { ...here, type: String(here.type.find((each) => each !== 'null')) } : here;
}

const itemOf = (of: JsonSchema | undefined): JsonSchema => {
  const here = present(of);
  return here.type === 'array' ? (here.items ?? {}) : here;
};

/** Times and dates have a pattern that leaves them one length. */
const isText = (type: string, maxLength: string, item: JsonSchema): boolean =>
  ['string', 'CiString'].includes(type) && maxLength !== '' && !/\\d(\{2\})?\$$/.test(item.pattern ?? '');

/** Open on purpose: partners know versions and modules that we don't. */
const openEnums = new Set(['VersionNumber', 'ModuleID']);

describe('our wire schemas against the tables of OCPI 2.2.1', { skip: skipWithoutSpecData }, () => {
  const fields = readSpecTable(`fields/${version}.tsv`, version);
  const enums = new Map<string, string[]>();
  for (const { enum: name = '', value = '' } of readSpecTable(`fields/enums-${version}.tsv`, version)) {
    enums.set(name, [...(enums.get(name) ?? []), value]);
  }

  for (const [object, schema] of Object.entries(schemas)) {
    const rows = fields.filter((row) => row['object'] === object);
    const wire = described(schema);

    test(`${object}: the fields and which of them are required`, () => {
      assert.ok(rows.length > 0, 'the table has no such object');
      assert.deepEqual(Object.keys(wire.properties ?? {}).sort(), rows.map((row) => row['field']).sort());
      const required = rows
        .filter((row) => row['cardinality'] === '1' || row['cardinality'] === '+')
        .map((row) => row['field']);
      assert.deepEqual([...(wire.required ?? [])].sort(), required.sort());
    });

    for (const { field = '', type = '', cardinality = '', max_length = '' } of rows) {
      if (object === 'ResponseEnvelope' && field === 'data') continue;
      test(`${object}.${field}: ${type} ${cardinality} ${max_length}`, () => {
        const value = wire.properties?.[field];
        assert.equal(present(value).type === 'array', ['*', '+'].includes(cardinality), 'a list or not');
        if (cardinality === '+') assert.equal(present(value).minItems, 1);
        const item = itemOf(value);
        if (isText(type, max_length, item)) assert.equal(item.maxLength, Number(max_length));
        if (type === 'boolean' || type === 'number') assert.equal(item.type, type);
        if (type === 'int') assert.equal(item.type, 'integer');
        const values = enums.get(type);
        if (values && !openEnums.has(type)) assert.deepEqual([...(item.enum ?? [])].sort(), [...values].sort());
      });
    }
  }

  test('every object inside another is the one that the table describes', () => {
    // the nested schemas that have no name of their own here
    const nested: [string, JsonSchema][] = [
      ['CdrLocation', itemOf(described(schemas.CDR).properties?.['cdr_location'])],
      ['SignedData', itemOf(described(schemas.CDR).properties?.['signed_data'])],
      ['CdrDimension', itemOf(described(schemas.ChargingPeriod).properties?.['dimensions'])],
      ['PublishTokenType', itemOf(described(schemas.Location).properties?.['publish_allowed_to'])],
      ['AdditionalGeoLocation', itemOf(described(schemas.Location).properties?.['related_locations'])],
      ['Image', itemOf(described(schemas.Location).properties?.['images'])],
      ['StatusSchedule', itemOf(described(schemas.EVSE).properties?.['status_schedule'])],
      ['RegularHours', itemOf(described(schemas.Hours).properties?.['regular_hours'])],
      ['ExceptionalPeriod', itemOf(described(schemas.Hours).properties?.['exceptional_openings'])],
      ['EnergySource', itemOf(described(schemas.EnergyMix).properties?.['energy_sources'])],
      ['EnvironmentalImpact', itemOf(described(schemas.EnergyMix).properties?.['environ_impact'])],
      ['CredentialsRole', itemOf(described(schemas.Credentials).properties?.['roles'])],
      ['Endpoint', itemOf(described(schemas.VersionDetails).properties?.['endpoints'])],
      ['EnergyContract', itemOf(described(schemas.Token).properties?.['energy_contract'])],
    ];
    for (const [object, wire] of nested) {
      const rows = fields.filter((row) => row['object'] === object);
      assert.deepEqual(Object.keys(wire.properties ?? {}).sort(), rows.map((row) => row['field']).sort(), object);
      for (const { field = '', type = '', max_length = '' } of rows) {
        const item = itemOf(wire.properties?.[field]);
        if (isText(type, max_length, item)) {
          assert.equal(item.maxLength, Number(max_length), `${object}.${field}`);
        }
        const values = enums.get(type);
        if (values && !openEnums.has(type)) {
          assert.deepEqual([...(item.enum ?? [])].sort(), [...values].sort(), `${object}.${field}`);
        }
      }
    }
  });
});

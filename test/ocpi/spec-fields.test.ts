import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { readSpecTable } from './spec-files.js';
import { skipWithoutSpecData } from '../support/spec-data.js';
import { specVersions } from './spec-versions.js';

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
  const inner = of?.anyOf?.find((each) => each.type !== 'null');
  // of an OpenEnum the first form is that of the known values
  if (inner?.anyOf) return present(inner);
  const here = inner ?? of ?? {};
  return Array.isArray(here.type) ? { ...here, type: String(here.type.find((each) => each !== 'null')) } : here;
}

const itemOf = (of: JsonSchema | undefined): JsonSchema => {
  const here = present(of);
  return here.type === 'array' ? present(here.items) : here;
};

/** Times and dates have a pattern that leaves them one length. */
const isText = (type: string, maxLength: string, item: JsonSchema): boolean =>
  ['string', 'CiString'].includes(type) && maxLength !== '' && !/\\d(\{2\})?\$$/.test(item.pattern ?? '');

/** Takes an enum's unknown values too (OCPI 2.3.0 types, OpenEnum). */
const isOpen = (of: JsonSchema | undefined): boolean => {
  const forms = of?.anyOf ?? [];
  return forms.some((each) => isOpen(each)) || (forms.length > 0 && forms.every((each) => each.type === 'string'));
};

/** Open on purpose: partners know versions and modules that we don't. */
const openEnums = new Set(['VersionNumber', 'ModuleID']);

interface Enum {
  readonly values: readonly string[];
  readonly open: boolean;
}

function enumsOf(spec: string): ReadonlyMap<string, Enum> {
  const enums = new Map<string, Enum>();
  for (const { enum: name = '', value = '', kind } of readSpecTable(`fields/enums-${spec}.tsv`, spec)) {
    enums.set(name, { values: [...(enums.get(name)?.values ?? []), value], open: kind === 'OpenEnum' });
  }
  return enums;
}

/** The type and length of one field, against its row of the table. */
function checkField(
  value: JsonSchema | undefined,
  row: Record<string, string>,
  enums: ReadonlyMap<string, Enum>,
): void {
  const { object, field, type = '', cardinality = '', max_length = '' } = row;
  const name = `${object}.${field}`;
  assert.equal(present(value).type === 'array', ['*', '+'].includes(cardinality), `${name}: a list or not`);
  if (cardinality === '+') assert.equal(present(value).minItems, 1, name);
  const item = itemOf(value);
  if (isText(type, max_length, item)) assert.equal(item.maxLength, Number(max_length), name);
  if (type === 'boolean' || type === 'number') assert.equal(item.type, type, name);
  if (type === 'int') assert.equal(item.type, 'integer', name);
  const known = enums.get(type);
  if (!known || openEnums.has(type)) return;
  assert.deepEqual([...(item.enum ?? [])].sort(), [...known.values].sort(), name);
  const list = value?.anyOf?.find((each) => each.type === 'array') ?? value;
  assert.equal(isOpen(list?.items ?? value), known.open, `${name}: open to unknown values or not`);
}

/** Objects that have no schema of their own here, and where they stand. */
const nested: Readonly<Record<string, readonly [object: string, field: string]>> = {
  CdrLocation: ['CDR', 'cdr_location'],
  SignedData: ['CDR', 'signed_data'],
  CdrDimension: ['ChargingPeriod', 'dimensions'],
  PublishTokenType: ['Location', 'publish_allowed_to'],
  AdditionalGeoLocation: ['Location', 'related_locations'],
  Image: ['Location', 'images'],
  StatusSchedule: ['EVSE', 'status_schedule'],
  RegularHours: ['Hours', 'regular_hours'],
  ExceptionalPeriod: ['Hours', 'exceptional_openings'],
  EnergySource: ['EnergyMix', 'energy_sources'],
  EnvironmentalImpact: ['EnergyMix', 'environ_impact'],
  CredentialsRole: ['Credentials', 'roles'],
  Endpoint: ['VersionDetails', 'endpoints'],
  EnergyContract: ['Token', 'energy_contract'],
};

for (const { version, spec, schemas } of specVersions) {
  describe(`our wire schemas against the tables of OCPI ${version}`, { skip: skipWithoutSpecData }, () => {
    const fields = readSpecTable(`fields/${spec}.tsv`, spec);
    const rowsOf = (object: string) => fields.filter((row) => row['object'] === object);
    const enums = enumsOf(spec);

    for (const [object, schema] of Object.entries(schemas)) {
      const rows = rowsOf(object);
      const wire = described(schema);

      test(`${object}: the fields and which of them are required`, () => {
        assert.ok(rows.length > 0, 'the table has no such object');
        assert.deepEqual(Object.keys(wire.properties ?? {}).sort(), rows.map((row) => row['field']).sort());
        const required = rows
          .filter((row) => row['cardinality'] === '1' || row['cardinality'] === '+')
          .map((row) => row['field']);
        assert.deepEqual([...(wire.required ?? [])].sort(), required.sort());
      });

      for (const row of rows) {
        const { field = '', type = '', cardinality = '', max_length = '' } = row;
        if (object === 'ResponseEnvelope' && field === 'data') continue;
        test(`${object}.${field}: ${type} ${cardinality} ${max_length}`, () => {
          checkField(wire.properties?.[field], row, enums);
        });
      }
    }

    for (const [object, [parent, at]] of Object.entries(nested)) {
      const rows = rowsOf(object);
      if (rows.length === 0) continue;
      test(`${object} inside ${parent} is the one that the table describes`, () => {
        const schema = schemas[parent];
        assert.ok(schema, parent);
        const { properties } = itemOf(described(schema).properties?.[at]);
        assert.deepEqual(Object.keys(properties ?? {}).sort(), rows.map((row) => row['field']).sort());
        for (const row of rows) checkField(properties?.[row['field'] ?? ''], row, enums);
      });
    }
  });
}

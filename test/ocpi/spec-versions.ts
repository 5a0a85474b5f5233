import { z } from 'zod';
import { schemas as schemas211 } from './schemas-2.1.1.js';
import { schemas as schemas221 } from './schemas-2.2.1.js';
import { schemas as schemas230 } from './schemas-2.3.0.js';

/** One version of the specification: its name in the tables and the schema of each object by the name it has there. */
export interface SpecVersion {
  readonly version: string;
  readonly spec: string;
  readonly schemas: Readonly<Record<string, z.ZodObject>>;
}

export const specVersions: readonly SpecVersion[] = [
  { version: '2.3.0', spec: '2.3.0-ed2', schemas: schemas230 },
  { version: '2.2.1', spec: '2.2.1-d2', schemas: schemas221 },
  { version: '2.1.1', spec: '2.1.1-d2', schemas: schemas211 },
];

/** The schema that the `object` column of INDEX.tsv means: `Token`, `Version[]`, `response envelope: Token[]`. */
export function schemaNamed(schemas: SpecVersion['schemas'], object: string): z.ZodType | undefined {
  const data = /^response envelope: (.+)$/.exec(object)?.[1];
  const envelope = schemas['ResponseEnvelope'];
  if (data === 'error, no data') return envelope?.extend({ data: z.undefined().optional() });
  const inner = data && schemaNamed(schemas, data);
  if (inner) return envelope?.extend({ data: inner });
  const item = /^(\w+)\[\]$/.exec(object)?.[1];
  const single = schemas[item ?? object];
  return single && item !== undefined ? z.array(single) : single;
}

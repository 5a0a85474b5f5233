import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { ConfigError } from './config.js';
import { dialects, type Dialect } from './domain/dialects.js';

const version = z.string().regex(/\d/, 'a version has a number');

const entries = z.array(
  z.strictObject({
    name: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and hyphens'),
    vendor: z.string().min(1),
    model: z.string().min(1).optional(),
    firmware: z.strictObject({ from: version.optional(), before: version.optional() }).optional(),
    quirk: z.string().min(1),
    reference: z.string().min(1),
    registerExponent: z.number().int().min(-3).max(3).optional(),
    localTime: z.boolean().optional(),
  }),
) satisfies z.ZodType<readonly Dialect[]>;

/**
 * The dialects that are known, with those of the operator's own file (YAML or JSON: a list of entries as in
 * src/domain/dialects.ts) before them; one of the same name takes the place of ours.
 * @throws ConfigError naming the file and what is wrong with it
 */
export function loadDialects(file: string | undefined): readonly Dialect[] {
  if (file === undefined) return dialects;
  let content: unknown;
  try {
    content = parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = entries.safeParse(content);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(({ path, message }) => `${file}: ${path.map(String).join('.')}: ${message}`).join('\n'),
    );
  }
  const own = new Set(parsed.data.map(({ name }) => name));
  return [...parsed.data, ...dialects.filter(({ name }) => !own.has(name))];
}

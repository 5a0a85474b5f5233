import { z } from 'zod';
import { readLocation, readTariff, type ReadObject } from '../ocpi-modules/site.js';
import { DomainError } from './domain/errors.js';
import type { Site } from './domain/site.js';

const chargePoint = z.strictObject({
  id: z.string().min(1).max(255),
  password: z.string().min(8).max(64).optional(),
  security_profile: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).optional(),
  registration: z.enum(['Accepted', 'Pending', 'Rejected']).optional(),
  evses: z.record(z.string().regex(/^[1-9]\d*$/, 'not a connector or EVSE id'), z.string().min(1)),
});

const siteFile = z.strictObject({
  tariffs: z.array(z.unknown()).default([]),
  locations: z.array(z.unknown()).default([]),
  charge_points: z.array(chargePoint).default([]),
});

/**
 * Reads the content of a site file: OCPI Tariff and Location objects (2.3.0 or 2.2.1) and charge points.
 * @throws DomainError `invalid-input` naming every fault with its path
 */
export function readSite(content: unknown): Site {
  const parsed = siteFile.safeParse(content ?? {});
  if (!parsed.success) {
    throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'site file'}: ${issue.message}`));
  }
  const problems: string[] = [];
  const read = <T>(name: string, items: readonly unknown[], reader: (json: unknown) => ReadObject<T>): readonly T[] =>
    items.flatMap((item, index) => {
      const result = reader(item);
      if (result.ok) return [result.value];
      problems.push(...result.problems.map(({ path, message }) => `${name}.${index}.${path}: ${message}`));
      return [];
    });
  const tariffs = read('tariffs', parsed.data.tariffs, readTariff);
  const locations = read('locations', parsed.data.locations, readLocation);
  if (problems.length > 0) throw invalid(problems);
  return {
    tariffs,
    locations,
    chargePoints: parsed.data.charge_points.map(({ security_profile, ...rest }) => ({
      ...rest,
      securityProfile: security_profile,
    })),
  };
}

const invalid = (problems: readonly string[]): DomainError =>
  new DomainError('invalid-input', problems.join('\n'), { problems });

import { z } from 'zod';
import { parseInstant } from './instant.js';

/**
 * The building blocks of OCPI objects (OCPI 2.3.0 §types), shared by the canonical objects and by every version's wire
 * schemas. Cardinality `?` and `*` may be null or absent (terminology, Cardinality): null is read as absent.
 */
export const optional = <T extends z.ZodType>(schema: T) =>
  schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();

/** Cardinality `*`. */
export const listOf = <T extends z.ZodType>(schema: T) => optional(z.array(schema));

/** Cardinality `+`. */
export const nonEmptyListOf = <T extends z.ZodType>(schema: T) => z.array(schema).min(1);

/** OCPI string: UTF-8, case-sensitive. */
export const text = (maxLength: number) => z.string().max(maxLength);

/** OCPI CiString: compared without case, kept as written. */
export const ciString = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^[\x20-\x7e]*$/, 'only printable ASCII is allowed');

export const dateTime = z
  .string()
  .max(32)
  .refine((value) => parseInstant(value) !== undefined, 'not a date and time of RFC 3339');

export const url = z
  .string()
  .max(255)
  .refine((value) => URL.canParse(value), 'not a URL');

export const countryCode = ciString(2).length(2);
export const partyId = ciString(3).length(3);
export const currency = z.string().length(3);
export const integer = z.number().int();

/** OpenEnum: the known values are advice, an unknown one is no error (OCPI 2.3.0 types, OpenEnum). */
export const openEnum = <const V extends readonly [string, ...string[]]>(values: V) =>
  z.union([z.enum(values), z.string().min(1).max(255)]) as unknown as z.ZodType<V[number], string>;

export const displayText = z.object({ language: z.string().length(2), text: text(512) });

export const imageCategories = ['CHARGER', 'ENTRANCE', 'LOCATION', 'NETWORK', 'OPERATOR', 'OTHER', 'OWNER'] as const;

export const image = z.object({
  url,
  thumbnail: optional(url),
  category: openEnum(imageCategories),
  type: ciString(4),
  width: optional(integer.max(99999)),
  height: optional(integer.max(99999)),
});

export type Image = z.infer<typeof image>;

export const businessDetails = z.object({ name: text(100), website: optional(url), logo: optional(image) });
export type BusinessDetails = z.infer<typeof businessDetails>;

/** A party of the roaming world: CPO, eMSP or hub. */
export interface Party {
  readonly countryCode: string;
  readonly partyId: string;
}

export const sameParty = (a: Party, b: Party): boolean =>
  a.countryCode.toLowerCase() === b.countryCode.toLowerCase() && a.partyId.toLowerCase() === b.partyId.toLowerCase();

import { z } from 'zod';
import { afterTaxes, toJsonNumber, type Price } from '../../src/domain/amounts.js';
import {
  energyMix as canonicalEnergyMix,
  environmentalImpactCategories,
  type EnergyMix,
} from '../../src/domain/location.js';
import {
  businessDetails as canonicalBusinessDetails,
  image as canonicalImage,
  imageCategories,
  listOf,
  optional,
  type BusinessDetails,
  type Image,
} from '../../src/domain/schema.js';
import type { CdrToken } from '../../src/domain/token.js';
import type { LossNote } from '../loss.js';
import { cdrToken as cdrToken230, cdrTokenToWire as cdrTokenToWire230 } from './2.3.0.js';

/** What several modules of OCPI 2.2.1 share, as differences from 2.3.0. Enums are closed here. */

/** §17.5: amounts without and, where it is known, with VAT. */
export const price = z.object({ excl_vat: z.number(), incl_vat: optional(z.number()) });

export function priceToWire(of: Price): z.input<typeof price> {
  const inclVat = afterTaxes(of);
  return {
    excl_vat: toJsonNumber(of.beforeTaxes),
    ...(inclVat !== undefined && { incl_vat: toJsonNumber(inclVat) }),
  };
}

/** §12.4.4; EMAID came with 2.3.0. */
const tokenTypes = ['AD_HOC_USER', 'APP_USER', 'OTHER', 'RFID'] as const;
export const tokenType = z.enum(tokenTypes);

/** A type that 2.2.1 doesn't know is OTHER (DIFFERENCES §10). */
export const tokenTypeToWire = (type: string): z.infer<typeof tokenType> =>
  tokenTypes.find((known) => known === type) ?? 'OTHER';

export const cdrToken = cdrToken230.extend({ type: tokenType });

export const cdrTokenToWire = (token: CdrToken): z.input<typeof cdrToken> => ({
  ...cdrTokenToWire230(token),
  type: tokenTypeToWire(token.type),
});

export const image = canonicalImage.extend({ category: z.enum(imageCategories) });

export const imageToWire = (of: Image): z.infer<typeof image> => ({
  ...of,
  category: imageCategories.find((known) => known === of.category) ?? 'OTHER',
});

export const businessDetails = canonicalBusinessDetails.extend({ logo: optional(image) });

export const businessDetailsToWire = (of: BusinessDetails): z.infer<typeof businessDetails> => ({
  ...of,
  ...(of.logo && { logo: imageToWire(of.logo) }),
});

const environmentalImpact = z.object({ category: z.enum(environmentalImpactCategories), amount: z.number() });

export const energyMix = canonicalEnergyMix.extend({ environ_impact: listOf(environmentalImpact) });

export const energyMixToWire = (of: EnergyMix): z.infer<typeof energyMix> => ({
  ...of,
  ...(of.environ_impact && {
    environ_impact: of.environ_impact.flatMap((impact) => environmentalImpact.safeParse(impact).data ?? []),
  }),
});

/** What becomes of these types wherever they stand. */
export const losses221: readonly LossNote[] = [
  {
    field: 'Price',
    rule: 'becomes excl_vat and, where the taxes are known, incl_vat; names, rates and single amounts of taxes are dropped',
  },
  { field: 'CdrToken.type', rule: 'EMAID and unknown types become OTHER' },
  { field: 'Image.category', rule: 'unknown ones become OTHER' },
  { field: 'EnergyMix.environ_impact', rule: 'unknown categories are dropped' },
];

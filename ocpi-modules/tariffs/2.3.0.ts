import type { TariffsCodec } from '../codec.js';

/** Tariffs of OCPI 2.3.0 §11.3: the canonical ones. */
export { tariff } from '../../src/domain/tariff.js';

export const tariffs: TariffsCodec = { toWire: (of) => of };

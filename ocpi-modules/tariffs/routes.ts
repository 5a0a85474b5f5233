import { listRoute } from '../list-route.js';
import type { ServedModule } from '../module.js';

/** The value of the store's index of tariffs that are not removed. */
const LISTED = '1';

/** Tariffs, Sender (OCPI 2.2.1 §11.2.1). One that the version can't express is left out rather than sent wrong. */
export const tariffsModule: ServedModule = {
  identifier: 'tariffs',
  role: 'SENDER',
  functional: true,
  routes: (deps) => [
    listRoute(deps, {
      kind: 'tariff',
      where: () => ({ listed: LISTED }),
      toWire: ({ tariff }) => deps.codec.tariffs.toWire(tariff),
    }),
  ],
};

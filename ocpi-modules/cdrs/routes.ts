import { listRoute } from '../list-route.js';
import type { ServedModule } from '../module.js';

/** CDRs, Sender (OCPI 2.2.1 §10.2.1). A partner sees the CDRs of its own tokens and no others. */
export const cdrsModule: ServedModule = {
  identifier: 'cdrs',
  role: 'SENDER',
  functional: true,
  routes: (deps) => [
    listRoute(deps, { kind: 'cdr', where: ({ id }) => ({ partner: id }), toWire: deps.codec.cdrs.toWire }),
  ],
};

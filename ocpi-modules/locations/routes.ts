import { keyOf } from '../../src/domain/ids.js';
import type { Location } from '../../src/domain/location.js';
import { notFound, statusCode, type OcpiReply } from '../envelope.js';
import { listRoute } from '../list-route.js';
import { param, type ModuleDeps, type OcpiRequest, type ServedModule } from '../module.js';

const unknown = (what: string): OcpiReply => notFound(`${what} is not known`, statusCode.unknownLocation);

/**
 * Locations, Sender (OCPI 2.2.1 §8.2.1). All partners see all locations: `publish` and `publish_allowed_to` tell an
 * eMSP whom it may show one to, and its drivers may charge there by token all the same (SUBTLE 43).
 */
export const locationsModule: ServedModule = {
  identifier: 'locations',
  role: 'SENDER',
  functional: true,
  routes: (deps) => [
    listRoute(deps, { kind: 'location', toWire: deps.codec.locations.location }),
    {
      method: 'GET',
      path: '/:location_id',
      async handle(request) {
        const found = await locationOf(deps, request);
        const location = found && deps.codec.locations.location(found);
        return location ? { data: location } : unknown('the location');
      },
    },
    {
      method: 'GET',
      path: '/:location_id/:evse_uid',
      async handle(request) {
        const found = await locationOf(deps, request);
        const evse = found && deps.codec.locations.evse(found, param(request, 'evse_uid'));
        return evse ? { data: evse } : unknown('the EVSE');
      },
    },
    {
      method: 'GET',
      path: '/:location_id/:evse_uid/:connector_id',
      async handle(request) {
        const found = await locationOf(deps, request);
        const connector =
          found && deps.codec.locations.connector(found, param(request, 'evse_uid'), param(request, 'connector_id'));
        return connector ? { data: connector } : unknown('the connector');
      },
    },
  ],
};

const locationOf = async ({ store }: ModuleDeps, request: OcpiRequest): Promise<Location | undefined> =>
  (await store.get('location', keyOf(param(request, 'location_id'))))?.body;

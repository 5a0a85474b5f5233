import { keyOf } from '../../src/domain/ids.js';
import { notFound, statusCode, type OcpiReply } from '../envelope.js';
import { param, type ServedModule } from '../module.js';
import { pageQueryOf, pageReply } from '../paging.js';

const unknown = (what: string): OcpiReply => notFound(`${what} is not known`, statusCode.unknownLocation);

/**
 * Locations, Sender (OCPI 2.2.1 §8.2.1). All partners see all locations: `publish` and `publish_allowed_to` tell an
 * eMSP whom it may show one to, and its drivers may charge there by token all the same (SUBTLE 43).
 */
export const locationsModule: ServedModule = {
  identifier: 'locations',
  role: 'SENDER',
  functional: true,
  routes: ({ store, codec: { locations }, url, pageLimit }) => [
    {
      method: 'GET',
      path: '/',
      async handle({ query }) {
        const rules = { pageLimit };
        const page = pageQueryOf(query, rules);
        const [found, total] = await Promise.all([store.find('location', page), store.count('location', page)]);
        return pageReply({ data: found.map(({ body }) => locations.location(body)), total }, page, rules, url);
      },
    },
    {
      method: 'GET',
      path: '/:location_id',
      async handle(request) {
        const found = await store.get('location', keyOf(param(request, 'location_id')));
        return found ? { data: locations.location(found.body) } : unknown('the location');
      },
    },
    {
      method: 'GET',
      path: '/:location_id/:evse_uid',
      async handle(request) {
        const found = await store.get('location', keyOf(param(request, 'location_id')));
        const evse = found && locations.evse(found.body, param(request, 'evse_uid'));
        return evse ? { data: evse } : unknown('the EVSE');
      },
    },
    {
      method: 'GET',
      path: '/:location_id/:evse_uid/:connector_id',
      async handle(request) {
        const found = await store.get('location', keyOf(param(request, 'location_id')));
        const connector =
          found && locations.connector(found.body, param(request, 'evse_uid'), param(request, 'connector_id'));
        return connector ? { data: connector } : unknown('the connector');
      },
    },
  ],
};

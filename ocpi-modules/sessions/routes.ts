import { keyOf } from '../../src/domain/ids.js';
import { findEvse } from '../../src/domain/location.js';
import type { Session } from '../../src/domain/session.js';
import type { Store } from '../../src/ports.js';
import { notFound, statusCode } from '../envelope.js';
import { param, type ServedModule } from '../module.js';
import { pageQueryOf, pageReply } from '../paging.js';

/** Sessions, Sender (OCPI 2.2.1 §9.2.1). A partner sees the sessions of its own tokens and no others. */
export const sessionsModule: ServedModule = {
  identifier: 'sessions',
  role: 'SENDER',
  functional: true,
  routes: ({ store, codec: { sessions }, url, pageLimit }) => [
    {
      method: 'GET',
      path: '/',
      async handle({ partner, query }) {
        const rules = { pageLimit, dateFromRequired: true };
        const page = pageQueryOf(query, rules);
        const own = { ...page, where: { partner: partner.id } };
        const [found, total] = await Promise.all([store.find('session', own), store.count('session', own)]);
        const data = found.map(({ body }) => sessions.toWire(body)).filter((wire) => wire !== undefined);
        return pageReply({ data, total }, page, rules, url);
      },
    },
    {
      method: 'PUT',
      path: '/:session_id/charging_preferences',
      async handle(request) {
        const session = (await store.get('session', keyOf(param(request, 'session_id'))))?.body;
        if (session?.partnerId !== request.partner.id) return notFound('the session is not known');
        sessions.checkPreferences(request.body);
        if (!(await takesPreferences(store, session))) {
          return notFound('the EVSE takes no charging preferences', statusCode.invalidParameters);
        }
        return { data: sessions.preferencesNotPossible };
      },
    },
  ],
};

/** SUBTLE 52: only an EVSE with the capability has charging preferences. */
async function takesPreferences(store: Store, { place }: Session): Promise<boolean> {
  const location = place && (await store.get('location', keyOf(place.location.id)))?.body;
  const evse = location && findEvse(location, place.evse.uid);
  return evse?.capabilities?.includes('CHARGING_PREFERENCES_CAPABLE') ?? false;
}

import { keyOf } from '../../src/domain/ids.js';
import { findEvse } from '../../src/domain/location.js';
import type { Session } from '../../src/domain/session.js';
import type { Store } from '../../src/ports.js';
import { notFound, statusCode } from '../envelope.js';
import { listRoute } from '../list-route.js';
import { param, type ModuleDeps, type Route, type ServedModule } from '../module.js';

/** Sessions, Sender (OCPI 2.2.1 §9.2.1). A partner sees the sessions of its own tokens and no others. */
export const sessionsModule: ServedModule = {
  identifier: 'sessions',
  role: 'SENDER',
  functional: true,
  routes: (deps) => [
    listRoute(deps, {
      kind: 'session',
      where: ({ id }) => ({ partner: id }),
      toWire: deps.codec.sessions.toWire,
      // SUBTLE 34
      dateFromRequired: true,
    }),
    ...preferencesRoutes(deps),
  ],
};

function preferencesRoutes({ store, codec }: ModuleDeps): readonly Route[] {
  const { checkPreferences, preferencesNotPossible } = codec.sessions;
  if (!checkPreferences) return [];
  return [
    {
      method: 'PUT',
      path: '/:session_id/charging_preferences',
      async handle(request) {
        const session = (await store.get('session', keyOf(param(request, 'session_id'))))?.body;
        if (session?.partnerId !== request.partner.id) return notFound('the session is not known');
        checkPreferences(request.body);
        if (!(await takesPreferences(store, session))) {
          return notFound('the EVSE takes no charging preferences', statusCode.invalidParameters);
        }
        return { data: preferencesNotPossible };
      },
    },
  ];
}

/** SUBTLE 52: only an EVSE with the capability has charging preferences. */
async function takesPreferences(store: Store, { place }: Session): Promise<boolean> {
  const location = place && (await store.get('location', keyOf(place.location.id)))?.body;
  const evse = location && findEvse(location, place.evse.uid);
  return evse?.capabilities?.includes('CHARGING_PREFERENCES_CAPABLE') ?? false;
}

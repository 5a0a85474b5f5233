import type { ServedModule } from '../module.js';

/** Credentials, receiving side (OCPI 2.2.1 §7.2). The endpoint's role means nothing; SENDER is advised (SUBTLE 11). */
export const credentialsModule: ServedModule = {
  identifier: 'credentials',
  role: 'SENDER',
  functional: false,
  routes: ({ requests: { registration }, version, codec: { credentials } }) => [
    {
      method: 'GET',
      path: '/',
      handle: async ({ partner, token }) => ({ data: credentials.toWire(registration.credentials(partner, token)) }),
    },
    {
      method: 'POST',
      path: '/',
      async handle({ partner, body }) {
        const ours = await registration.register(partner, version, credentials.fromWire(body));
        return { data: credentials.toWire(ours) };
      },
    },
    {
      method: 'PUT',
      path: '/',
      async handle({ partner, body }) {
        const ours = await registration.update(partner, version, credentials.fromWire(body));
        return { data: credentials.toWire(ours) };
      },
    },
    {
      method: 'DELETE',
      path: '/',
      async handle({ partner }) {
        await registration.unregister(partner);
        return {};
      },
    },
  ],
};

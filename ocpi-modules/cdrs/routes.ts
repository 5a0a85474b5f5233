import type { ServedModule } from '../module.js';
import { pageQueryOf, pageReply } from '../paging.js';

/** CDRs, Sender (OCPI 2.2.1 §10.2.1). A partner sees the CDRs of its own tokens and no others. */
export const cdrsModule: ServedModule = {
  identifier: 'cdrs',
  role: 'SENDER',
  functional: true,
  routes: ({ store, codec: { cdrs }, url, pageLimit }) => [
    {
      method: 'GET',
      path: '/',
      async handle({ partner, query }) {
        const rules = { pageLimit };
        const page = pageQueryOf(query, rules);
        const own = { ...page, where: { partner: partner.id } };
        const [found, total] = await Promise.all([store.find('cdr', own), store.count('cdr', own)]);
        return pageReply({ data: found.map(({ body }) => cdrs.toWire(body)), total }, page, rules, url);
      },
    },
  ],
};

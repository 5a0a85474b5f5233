import type { ServedModule } from '../module.js';
import { pageQueryOf, pageReply } from '../paging.js';

/** Tariffs, Sender (OCPI 2.2.1 §11.2.1). One that the version can't express is left out rather than sent wrong. */
export const tariffsModule: ServedModule = {
  identifier: 'tariffs',
  role: 'SENDER',
  functional: true,
  routes: ({ store, codec: { tariffs }, url, pageLimit }) => [
    {
      method: 'GET',
      path: '/',
      async handle({ query }) {
        const rules = { pageLimit };
        const page = pageQueryOf(query, rules);
        const listed = { ...page, where: { listed: LISTED } };
        const [found, total] = await Promise.all([store.find('tariff', listed), store.count('tariff', listed)]);
        const data = found.map(({ body }) => tariffs.toWire(body.tariff)).filter((wire) => wire !== undefined);
        return pageReply({ data, total }, page, rules, url);
      },
    },
  ],
};

/** The value of the store's index of tariffs that are not removed. */
const LISTED = '1';

import type { Partner } from '../src/domain/partner.js';
import type { Kind, Kinds, Query } from '../src/ports.js';
import type { ModuleDeps, Route } from './module.js';
import { pageQueryOf, pageReply } from './paging.js';

export interface ListOptions<K extends Kind> {
  readonly kind: K;
  /** What of it this partner may see; absent: all. */
  readonly where?: (partner: Partner) => NonNullable<Query<K>['where']>;
  /** undefined leaves out an object that the version has no words for. */
  readonly toWire: (body: Kinds[K]) => object | undefined;
  readonly dateFromRequired?: boolean;
}

/** GET of a module's whole list, in pages (OCPI 2.2.1 §4.1.4). */
export const listRoute = <K extends Kind>(
  { store, url, pageLimit }: ModuleDeps,
  { kind, where, toWire, dateFromRequired = false }: ListOptions<K>,
): Route => ({
  method: 'GET',
  path: '/',
  async handle({ partner, query }) {
    const rules = { pageLimit, dateFromRequired };
    const page = pageQueryOf(query, rules);
    const wanted: Query<K> = { ...page, ...(where && { where: where(partner) }) };
    const [found, total] = await Promise.all([store.find(kind, wanted), store.count(kind, wanted)]);
    const data = found.map(({ body }) => toWire(body)).filter((wire) => wire !== undefined);
    return pageReply({ data, total }, page, rules, url);
  },
});

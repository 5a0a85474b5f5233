import { Router } from 'express';
import { z } from 'zod';
import type { Kind, Kinds, Stored } from '../ports.js';
import type { OperatorDeps } from './deps.js';

const page = z.object({
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
  offset: z.coerce.number().int().min(0).default(0),
});
const flag = z.enum(['true', 'false']).default('false');
const importOptions = z.object({ dryRun: flag, prune: flag });
const retry = z.strictObject({ partner: z.string().optional() });

/** Lists of what the bridge has, the import of a site file, and deliveries. */
export function catalogueRoutes({ store, deliveries, importSite, readSite }: OperatorDeps): Router {
  const routes = Router();

  function list<K extends Kind>(path: string, kind: K, view: (stored: Stored<Kinds[K]>) => unknown): void {
    routes.get(path, async (request, response) => {
      const { limit, offset } = page.parse(request.query);
      const [total, found] = await Promise.all([store.count(kind), store.find(kind, { limit, offset })]);
      response.set('X-Total-Count', String(total)).json(found.map(view));
    });
  }

  list('/locations', 'location', ({ body }) => body);
  list('/tariffs', 'tariff', ({ body }) => ({ ...body.tariff, removed: body.removed }));
  list('/tokens', 'token', ({ body }) => ({ ...body.token, partnerId: body.partnerId }));
  list('/sessions', 'session', ({ body }) => body);
  list('/cdrs', 'cdr', ({ body }) => body);

  routes.post('/import', async (request, response) => {
    const { dryRun, prune } = importOptions.parse(request.query);
    const report = await importSite(readSite(request.body), { dryRun: dryRun === 'true', prune: prune === 'true' });
    response.json(report);
  });

  routes.get('/deliveries', async (_request, response) => {
    response.json(await deliveries.list());
  });

  routes.post('/deliveries/retry', async (request, response) => {
    const { partner } = retry.parse(request.body ?? {});
    response.json({ retried: await deliveries.retry(partner) });
  });

  return routes;
}

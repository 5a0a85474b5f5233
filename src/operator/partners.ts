import { Router } from 'express';
import { z } from 'zod';
import { DomainError } from '../domain/errors.js';
import type { OperatorDeps } from './deps.js';
import { partnerView } from './views.js';

/** Only what this version delivers by; the other policies of the design come with hubs. */
const policy = z.enum(['latest']).default('latest');
const invitation = z.strictObject({ name: z.string().min(1).max(100), policy });
const registration = invitation.extend({ versionsUrl: z.url(), token: z.string().min(1).max(64) });

export function partnerRoutes({ store, onboarding }: OperatorDeps): Router {
  const routes = Router();

  routes.get('/', async (_request, response) => {
    response.json((await store.find('partner')).map(({ body }) => partnerView(body)));
  });

  routes.post('/invite', async (request, response) => {
    const { name, policy: by } = invitation.parse(request.body);
    response.status(201).json(await onboarding.invite(name, by));
  });

  routes.post('/register', async (request, response) => {
    const { policy: by, ...rest } = registration.parse(request.body);
    response.status(201).json(partnerView(await onboarding.register({ ...rest, policy: by })));
  });

  routes.get('/:id', async (request, response) => {
    const found = await store.get('partner', request.params.id);
    if (!found) throw new DomainError('unknown-partner', `there is no partner ${request.params.id}`);
    response.json(partnerView(found.body));
  });

  routes.delete('/:id', async (request, response) => {
    await onboarding.unregister(request.params.id);
    response.status(204).end();
  });

  return routes;
}

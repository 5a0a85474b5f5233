import { Router } from 'express';
import { z } from 'zod';
import type { ChargePoint } from '../domain/charge-point.js';
import { DomainError } from '../domain/errors.js';
import { keyOf } from '../domain/ids.js';
import { readCommand } from './commands.js';
import type { OperatorDeps } from './deps.js';
import { chargePointView } from './views.js';

const password = z.strictObject({ password: z.string().min(8).max(64).optional() });
const securityProfile = z.strictObject({ profile: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]) });

export function chargePointRoutes({ store, operate, chargePointLink }: OperatorDeps): Router {
  const routes = Router();

  async function known(id: string): Promise<ChargePoint> {
    const found = await store.get('chargePoint', keyOf(id));
    if (found) return found.body;
    throw new DomainError('unknown-charge-point', `there is no charge point ${id}`);
  }

  routes.get('/', async (_request, response) => {
    const known = await store.find('chargePoint');
    response.json(known.map(({ body }) => chargePointView(body, chargePointLink.isConnected(body.id))));
  });

  routes.get('/unknown', async (_request, response) => {
    response.json((await store.find('unknownChargePoint')).map(({ body }) => body));
  });

  routes.get('/:id', async (request, response) => {
    const chargePoint = await known(request.params.id);
    response.json(chargePointView(chargePoint, chargePointLink.isConnected(chargePoint.id)));
  });

  /** What it told of itself, oldest first. */
  routes.get('/:id/notices', async (request, response) => {
    const { id } = await known(request.params.id);
    response.json((await store.get('notices', keyOf(id)))?.body.notices ?? []);
  });

  /** What is known of its variables (OCPP 2.x device model). */
  routes.get('/:id/variables', async (request, response) => {
    const { id } = await known(request.params.id);
    response.json(Object.values((await store.get('deviceModel', keyOf(id)))?.body.variables ?? {}));
  });

  routes.post('/:id/password', async (request, response) => {
    const given = password.parse(request.body ?? {});
    response.json({ password: await operate.setPassword(request.params.id, given.password) });
  });

  routes.post('/:id/security-profile', async (request, response) => {
    const { profile } = securityProfile.parse(request.body);
    response.json(await operate.setSecurityProfile(request.params.id, profile));
  });

  routes.post('/:id/commands', async (request, response) => {
    response.json(await operate.run(request.params.id, readCommand(request.body)));
  });

  return routes;
}

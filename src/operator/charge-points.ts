import { Router } from 'express';
import { z } from 'zod';
import type { ChargePointCommand } from '../domain/command.js';
import type { OperatorDeps } from './deps.js';
import { chargePointView } from './views.js';

const connector = z.string().regex(/^\d+$/, 'a connector number');

/** The commands of src/domain/command.ts as JSON. */
const command = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('remoteStart'), idTag: z.string().min(1), connector: connector.optional() }),
  z.strictObject({ type: z.literal('remoteStop'), transactionId: z.string().min(1) }),
  z.strictObject({ type: z.literal('unlockConnector'), connector }),
  z.strictObject({ type: z.literal('reset'), hard: z.boolean() }),
  z.strictObject({ type: z.literal('changeAvailability'), connector, operative: z.boolean() }),
  z.strictObject({ type: z.literal('getConfiguration'), keys: z.array(z.string()) }),
  z.strictObject({ type: z.literal('changeConfiguration'), key: z.string().min(1), value: z.string() }),
  z.strictObject({ type: z.literal('clearCache') }),
  z.strictObject({ type: z.literal('trigger'), message: z.string().min(1), connector: connector.optional() }),
  z.strictObject({
    type: z.literal('dataTransfer'),
    vendorId: z.string().min(1),
    messageId: z.string().optional(),
    data: z.string().optional(),
  }),
]) satisfies z.ZodType<ChargePointCommand>;

const password = z.strictObject({ password: z.string().min(8).max(64).optional() });

export function chargePointRoutes({ store, operate, chargePointLink }: OperatorDeps): Router {
  const routes = Router();

  routes.get('/', async (_request, response) => {
    const known = await store.find('chargePoint');
    response.json(known.map(({ body }) => chargePointView(body, chargePointLink.isConnected(body.id))));
  });

  routes.get('/unknown', async (_request, response) => {
    response.json((await store.find('unknownChargePoint')).map(({ body }) => body));
  });

  routes.post('/:id/password', async (request, response) => {
    const given = password.parse(request.body ?? {});
    response.json({ password: await operate.setPassword(request.params.id, given.password) });
  });

  routes.post('/:id/commands', async (request, response) => {
    response.json(await operate.run(request.params.id, command.parse(request.body)));
  });

  return routes;
}

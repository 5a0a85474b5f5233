import { RefusedError, type OperatorClient } from './operator-client.js';

export interface JsonOption {
  readonly json?: boolean;
}

/** Made when a command runs, so that a wrong configuration is found then. */
export type ClientOf = () => OperatorClient;

/** @throws RefusedError when the bridge answers with anything else */
export async function listOf(client: OperatorClient, path: string): Promise<readonly unknown[]> {
  const data = await client.call('GET', path);
  if (!Array.isArray(data)) throw new RefusedError('the bridge gave no list');
  return data as readonly unknown[];
}

/** Where the operator API has a charge point. */
export const chargePointPath = (id: string): string => `/api/charge-points/${encodeURIComponent(id)}`;

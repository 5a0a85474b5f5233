import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import * as schemas20 from 'typed-ocpp/dist/ocpp20/schemas.js';
import * as schemas21 from 'typed-ocpp/dist/ocpp21/schemas.js';
import { createCheck } from '../../ocpp-adapters/validation.js';
import { connectPeer, type RawPeer, startServer, type TestServer } from './support.js';

export type Protocol2 = 'ocpp2.0.1' | 'ocpp2.1';

/** What exists in both is told once and run over both. */
export const bothProtocols: readonly Protocol2[] = ['ocpp2.0.1', 'ocpp2.1'];

export const schemasOf: Readonly<Record<Protocol2, Readonly<Record<string, object | undefined>>>> = {
  'ocpp2.0.1': schemas20,
  'ocpp2.1': schemas21,
};

const checks = {
  'ocpp2.0.1': createCheck(schemasOf['ocpp2.0.1'], []),
  'ocpp2.1': createCheck(schemasOf['ocpp2.1'], []),
};

/** Fails unless the payload is just as the standard's schema wants it. */
export function assertValid(protocol: Protocol2, message: string, payload: unknown): void {
  const checked = checks[protocol](message, structuredClone(payload));
  assert.ok(checked.ok, `${message}: ${checked.ok ? '' : checked.reason}`);
}

export const bootNotification = {
  reason: 'PowerUp',
  chargingStation: { vendorName: 'Acme', model: 'Two', serialNumber: 'S1', firmwareVersion: '2.0' },
};

/** A charging station CS1 that is connected and has not booted. */
export async function connectStation(
  t: TestContext,
  protocol: Protocol2,
  options: Parameters<typeof startServer>[1] = {},
): Promise<TestServer & { peer: RawPeer }> {
  const server = await startServer(t, options);
  const peer = await connectPeer(t, `${server.url}/CS1`, { protocols: [protocol] });
  return { ...server, peer };
}

/** One that has. */
export async function bootedStation(
  t: TestContext,
  protocol: Protocol2,
  options: Parameters<typeof startServer>[1] = {},
): Promise<TestServer & { peer: RawPeer }> {
  const station = await connectStation(t, protocol, options);
  await station.peer.call('BootNotification', bootNotification);
  return station;
}

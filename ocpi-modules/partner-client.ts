import { endpointUrl, isConnected, receivingParty, type Partner, type PartnerEndpoint } from '../src/domain/partner.js';
import type { Party } from '../src/domain/schema.js';
import type { Clock, PushResult, Vault } from '../src/ports.js';
import type { Call, Exchange, OcpiClient } from './client.js';
import { urlBelow } from './client.js';
import type { Codec } from './codec.js';
import { pushResultOf } from './push-result.js';
import type { Transport } from './transport.js';
import { versionOf } from './version-table.js';

/** Why an object that its version has no words for is kept from a partner. */
export const NOT_EXPRESSIBLE = `not to be expressed in the partner's version`;

/** A message to a partner. */
export interface PartnerCall {
  readonly method: Call['method'];
  readonly url: string;
  readonly body?: object | undefined;
  /** Whom it is for; absent: the partner's eMSP role. */
  readonly to?: Party | undefined;
  readonly timeoutMs?: number | undefined;
}

/** One of the partner's modules that we call, in the partner's version. */
export interface PartnerModule {
  readonly codec: Codec;
  readonly transport: Transport;
  readonly url: string;
}

export interface PartnerPush {
  readonly method: Call['method'];
  readonly segments: readonly string[];
  readonly to?: Party | undefined;
  /** The wire object; undefined when the partner's version has no words for it. */
  readonly body: (codec: Codec) => object | undefined;
}

/** Calls partners: with their token, in their version, for their party. */
export interface PartnerClient {
  /** Where the partner has a module; otherwise why it can't be called. */
  moduleOf(partner: Partner, identifier: string, role: PartnerEndpoint['role']): PartnerModule | { reason: string };
  call(partner: Partner, call: PartnerCall): Promise<Exchange>;
  /** Sends an object to the partner's receiver of a module. */
  push(partner: Partner, identifier: string, push: PartnerPush): Promise<PushResult>;
}

export interface PartnerClientDeps {
  readonly client: OcpiClient;
  readonly vault: Vault;
  readonly clock: Clock;
  /** The party that we are. */
  readonly party: Party;
}

export function createPartnerClient({ client, vault, clock, party }: PartnerClientDeps): PartnerClient {
  function moduleOf(partner: Partner, identifier: string, role: PartnerEndpoint['role']) {
    if (!isConnected(partner)) return { reason: 'the partner is not registered' };
    const version = versionOf(partner.connection.version);
    if (!version) return { reason: `the partner speaks OCPI ${partner.connection.version}, and we don't` };
    const { codec, transport } = version;
    const url = endpointUrl(partner, identifier, role);
    return url === undefined
      ? { reason: `the partner has no ${identifier} ${role} endpoint` }
      : { codec, transport, url };
  }

  async function call(partner: Partner, { method, url, body, to, timeoutMs }: PartnerCall): Promise<Exchange> {
    if (!isConnected(partner)) return { kind: 'failed', sent: false, reason: 'the partner is not registered' };
    const { sealedToken, tokenEncoding, version } = partner.connection;
    const transport = versionOf(version)?.transport;
    return client.call({
      method,
      url,
      token: vault.open(sealedToken),
      tokenEncoding,
      ...(transport?.routing && { routing: { from: party, to: to ?? receivingParty(partner) } }),
      messageIds: transport?.messageIds,
      body,
      timeoutMs,
    });
  }

  return {
    moduleOf,
    call,
    async push(partner, identifier, { method, segments, to, body }) {
      const at = moduleOf(partner, identifier, 'RECEIVER');
      if ('reason' in at) return { result: 'refused', reason: at.reason, missing: false };
      const wire = body(at.codec);
      if (!wire && method !== 'DELETE') {
        return { result: 'refused', reason: NOT_EXPRESSIBLE, missing: false };
      }
      const exchange = await call(partner, { method, url: urlBelow(at.url, segments), to, body: wire });
      return pushResultOf(exchange, clock.now());
    },
  };
}

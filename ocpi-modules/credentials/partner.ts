import { DomainError } from '../../src/domain/errors.js';
import type { PartnerConnection, PartnerEndpoint, TokenEncoding } from '../../src/domain/partner.js';
import type { Credentials, Handshake, Vault } from '../../src/ports.js';
import type { OcpiClient } from '../client.js';
import { MISSING_ENDPOINT } from '../errors.js';
import { versionOf } from '../version-table.js';
import { dataOf, readable } from '../versions/partner.js';

interface Peer {
  readonly version: string;
  readonly endpoints: readonly PartnerEndpoint[];
  readonly token: string;
  readonly tokenEncoding: TokenEncoding;
}

/** Credentials, what we call (OCPI 2.2.1 §7.2). */
export function credentialsPartner(client: OcpiClient, vault: Vault): Pick<Handshake, 'post' | 'put' | 'delete'> {
  async function exchange(method: 'POST' | 'PUT', peer: Peer, ours: Credentials): Promise<Credentials> {
    const version = versionOf(peer.version);
    if (!version) throw new DomainError('not-supported', `OCPI ${peer.version} is not spoken here`);
    const answer = await client.call({
      method,
      url: credentialsUrl(peer),
      token: peer.token,
      tokenEncoding: peer.tokenEncoding,
      messageIds: version.transport.messageIds,
      body: version.codec.credentials.toWire(ours),
    });
    const data = dataOf(answer, `credentials ${method}`);
    return readable(() => version.codec.credentials.fromWire(data));
  }

  const peerOf = (connection: PartnerConnection): Peer => ({
    ...connection,
    token: vault.open(connection.sealedToken),
  });

  return {
    post: (found, token, ours) => exchange('POST', { ...found, token }, ours),
    put: (connection, ours) => exchange('PUT', peerOf(connection), ours),
    async delete(connection) {
      const peer = peerOf(connection);
      const { token, tokenEncoding } = peer;
      const messageIds = versionOf(peer.version)?.transport.messageIds;
      dataOf(
        await client.call({ method: 'DELETE', url: credentialsUrl(peer), token, tokenEncoding, messageIds }),
        'credentials DELETE',
      );
    },
  };
}

/** Its role means nothing (SUBTLE 11). */
function credentialsUrl({ endpoints }: Peer): string {
  const found = endpoints.find((endpoint) => endpoint.identifier === 'credentials');
  if (found) return found.url;
  throw new DomainError('invalid-input', 'the partner has no credentials endpoint', {
    [MISSING_ENDPOINT]: 'credentials',
  });
}

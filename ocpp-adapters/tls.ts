import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket, type PeerCertificate as NodeCertificate, type SecureContextOptions } from 'node:tls';
import type { ServerOptions } from 'node:http';
import type { PeerCertificate } from '../src/app/charge-point-events.js';
import { instant } from '../src/domain/instant.js';
import type { TlsMaterial } from '../src/ports.js';

/**
 * What the standard demands and what is better, best first; the two that lack forward secrecy are last, for charge points
 * that know no other (OCPP 1.6 security whitepaper A00.FR.318, OCPP 2.0.1 A00.FR.318). Those of TLS 1.3 have names of its own.
 */
const cipherSuites = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
];

export const secureContextOf = ({ identities, clientAuthorities }: TlsMaterial): SecureContextOptions => ({
  cert: identities.map(({ chainPem }) => chainPem),
  key: identities.map(({ keyPem }) => keyPem),
  ca: [...clientAuthorities],
  minVersion: 'TLSv1.2',
  ciphers: cipherSuites.join(':'),
});

/** A server that asks for a client certificate and lets in whoever has none: whether one is needed, admission decides. */
export const createTlsServer = (material: TlsMaterial, handshakeTimeout: number, options: ServerOptions): Server =>
  createServer({
    ...options,
    ...secureContextOf(material),
    handshakeTimeout,
    requestCert: true,
    rejectUnauthorized: false,
  });

/** The client certificate of a connection, checked by TLS against the authorities that are trusted. */
export function peerCertificateOf(socket: Socket): PeerCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  // for a client that shows none it is an empty object
  const certificate: Partial<NodeCertificate> = socket.getPeerCertificate();
  if (!certificate.subject) return undefined;
  const expiresAt = Date.parse(certificate.valid_to ?? '');
  return {
    names: [...commonNamesOf(certificate.subject), ...alternativeNamesOf(certificate.subjectaltname)],
    expiresAt: Number.isNaN(expiresAt) ? undefined : instant(expiresAt),
    ...(!socket.authorized && { problem: String(socket.authorizationError) }),
  };
}

/** A subject may have none, one or several, whatever the type says. */
const commonNamesOf = (subject: { readonly CN?: string | readonly string[] }): readonly string[] =>
  [subject.CN ?? []].flat();

/** The dNSNames and URIs in what Node makes of a subjectAltName: values that could be misread are quoted as in JSON. */
function alternativeNamesOf(text: string | undefined): readonly string[] {
  const parts = (text ?? '').matchAll(/(?:^|, )([^:,"]+):("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return [...parts].flatMap(([, type = '', value = '']) =>
    type === 'DNS' || type === 'URI' ? [value.startsWith('"') ? String(JSON.parse(value)) : value] : [],
  );
}

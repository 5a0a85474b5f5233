import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webcrypto } from 'node:crypto';
import { systemClock } from '../../src/clock.js';
import { instant } from '../../src/domain/instant.js';
import { openAuthority, type EmbeddedAuthority } from '../../src/pki/authority.js';
import { keyAlgorithms, keyPemOf } from '../../src/pki/certificate.js';
import { Pkcs10CertificateRequestGenerator } from '../../src/pki/x509.js';

const DAY_MS = 86_400_000;

/** A key of a charge point and its request for a certificate. */
export interface Request {
  readonly csrPem: string;
  readonly keyPem: string;
}

type KeyAlgorithm = webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams;

export async function newRequest(
  names: readonly string[],
  algorithm: KeyAlgorithm & { readonly hash?: unknown } = keyAlgorithms.ecdsa,
  hash = 'SHA-256',
): Promise<Request> {
  const keys = await webcrypto.subtle.generateKey({ ...algorithm, hash } as KeyAlgorithm, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [...names.map((name) => ({ CN: [name] })), { O: ['Some operator'] }],
    keys,
    signingAlgorithm: { name: algorithm.name, hash } as webcrypto.EcdsaParams,
  });
  return { csrPem: request.toString('pem'), keyPem: await keyPemOf(keys.privateKey) };
}

/** The authority of a folder, with a clock that is `daysAgo` behind. */
export const authorityIn = (folder: string, daysAgo = 0, validityDays = 7): Promise<EmbeddedAuthority> =>
  openAuthority({
    folder,
    organization: 'Some operator',
    validityDays,
    clock: { ...systemClock, now: () => instant(Date.now() - daysAgo * DAY_MS) },
  });

/** A certificate with its key, as a TLS client shows it. */
export async function clientIdentity(
  authority: EmbeddedAuthority,
  name: string,
): Promise<{ readonly cert: string; readonly key: string }> {
  const { csrPem, keyPem } = await newRequest([name]);
  return { cert: await authority.sign(name, csrPem), key: keyPem };
}

export function newFolder(): { readonly folder: string; readonly remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'roambridge-pki-'));
  return { folder: join(root, 'ca'), remove: () => rmSync(root, { recursive: true, force: true }) };
}

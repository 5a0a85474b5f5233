import { createPublicKey } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DomainError } from '../domain/errors.js';
import { keyOf } from '../domain/ids.js';
import { toEpochMs } from '../domain/instant.js';
import type { CertificateAuthority, Clock, TlsIdentity } from '../ports.js';
import { endOf, issue, issuerFrom, keyPemOf, newKeys, selfSigned, type KeyType } from './certificate.js';
import { readIdentity, writeIdentity, writeWhole } from './pem-file.js';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509Certificate,
} from './x509.js';

export interface AuthorityOptions {
  /** Where its key and certificates are kept; made when it isn't there. */
  readonly folder: string;
  /** The operator's name, as O of what is issued. */
  readonly organization: string;
  /** How long a certificate of a charge point is good for. */
  readonly validityDays: number;
  readonly clock: Clock;
}

/** The authority that the bridge brings along. */
export interface EmbeddedAuthority extends CertificateAuthority {
  /** Its own certificate, for charge points to trust the bridge by. */
  readonly certificatePem: string;
  readonly certificateFile: string;
  /**
   * A certificate of each kind of key for the bridge's own TLS port; made anew when the names (DNS names or addresses)
   * differ from the last ones or the end is near.
   */
  readonly serverIdentities: (hostNames: readonly string[]) => Promise<readonly TlsIdentity[]>;
}

const OWN_DAYS = 20 * 365;
const SERVER_DAYS = 825;
const RENEWED_BEFORE_MS = 60 * 86_400_000;
/** OCPP 2.0.1 §1.62 SignCertificateRequest allows 5500 characters. */
const MAX_CSR_LENGTH = 16_384;
/** RFC 5280 appendix A.1, ub-organization-name. */
const MAX_NAME_LENGTH = 64;
const MIN_RSA_BITS = 2048;
const curves: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const hashes: ReadonlySet<string> = new Set(['SHA-256', 'SHA-384', 'SHA-512']);

/** Opens the authority of a data folder, making its key and certificate at the first start. */
export async function openAuthority(options: AuthorityOptions): Promise<EmbeddedAuthority> {
  const { folder, validityDays, clock } = options;
  const organization = options.organization.slice(0, MAX_NAME_LENGTH);
  const now = (): number => toEpochMs(clock.now());
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = await ownIdentity();
  const issuer = await issuerFrom(own);
  const certificateFile = join(folder, 'ca.crt');
  writeWhole(certificateFile, `${own.chainPem}\n`, 0o644);

  async function ownIdentity(): Promise<TlsIdentity> {
    const file = join(folder, 'ca.pem');
    const found = readIdentity(file);
    if (found) return found;
    const made = await selfSigned({ CN: 'Roambridge charge points', O: organization }, now(), OWN_DAYS);
    writeIdentity(file, made);
    return made;
  }

  async function serverIdentity(type: KeyType, hostNames: readonly string[]): Promise<TlsIdentity> {
    const file = join(folder, `server-${type}.pem`);
    const found = readIdentity(file);
    if (found && endOf(found.chainPem) - now() > RENEWED_BEFORE_MS && sameNames(found.chainPem, hostNames))
      return found;
    const names = new SubjectAlternativeNameExtension(
      hostNames.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
    );
    const keys = await newKeys(type);
    const chainPem = await issue(issuer, {
      name: { CN: hostNames[0] ?? 'localhost', O: organization },
      publicKey: keys.publicKey,
      extensions: [names, new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth])],
      now: now(),
      days: SERVER_DAYS,
    });
    const made = { chainPem, keyPem: await keyPemOf(keys.privateKey) };
    writeIdentity(file, made);
    return made;
  }

  return {
    certificatePem: own.chainPem,
    certificateFile,
    serverIdentities: (hostNames) =>
      Promise.all((['ecdsa', 'rsa'] as const).map((type) => serverIdentity(type, hostNames))),
    problemOf: async (chargePointId, csrPem) => {
      const read = await readRequest(chargePointId, csrPem);
      return typeof read === 'string' ? read : undefined;
    },
    async sign(chargePointId, csrPem) {
      const request = await readRequest(chargePointId, csrPem);
      if (typeof request === 'string') throw new DomainError('invalid-input', request);
      return issue(issuer, {
        name: { CN: chargePointId, O: organization },
        publicKey: request.publicKey,
        extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
        now: now(),
        days: validityDays,
      });
    },
  };
}

function sameNames(chainPem: string, hostNames: readonly string[]): boolean {
  const names = new X509Certificate(chainPem).getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  return isDeepStrictEqual(
    names.map(({ value }) => value),
    hostNames,
  );
}

/** The request, or what is wrong with it (OCPP 1.6 security whitepaper A00.FR.507 ff., OCPP 2.0.1 A02.FR.06). */
async function readRequest(chargePointId: string, csrPem: string): Promise<Pkcs10CertificateRequest | string> {
  if (csrPem.length > MAX_CSR_LENGTH) return 'the request is too long';
  let request: Pkcs10CertificateRequest;
  let signed: boolean;
  try {
    request = new Pkcs10CertificateRequest(csrPem);
    signed = await request.verify();
  } catch (error) {
    return `the request can't be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (!signed) return 'the request is not signed by its own key';
  if (!hashes.has(hashOf(request))) return 'the signature of the request is of a weak kind';
  const names = request.subjectName.getField('CN');
  if (names.length !== 1 || keyOf(names[0] ?? '') !== keyOf(chargePointId))
    return `the request is for ${JSON.stringify(names.join(', ').slice(0, 64))}, not for ${chargePointId}`;
  return keyProblem(request.publicKey.rawData) ?? request;
}

/** The library's types come with a browser, which there is none here. */
const hashOf = ({ signatureAlgorithm }: Pkcs10CertificateRequest): string =>
  (signatureAlgorithm as { readonly hash: { readonly name: string } }).hash.name;

function keyProblem(spki: ArrayBuffer): string | undefined {
  const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({
    key: Buffer.from(spki),
    format: 'der',
    type: 'spki',
  });
  if (asymmetricKeyType === 'rsa')
    return (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS ? undefined : 'the RSA key is too short';
  if (asymmetricKeyType === 'ec')
    return curves.has(asymmetricKeyDetails?.namedCurve) ? undefined : 'the curve of the key is too weak';
  return `a key of kind ${asymmetricKeyType ?? 'unknown'} is not taken`;
}

import { randomBytes, webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import type { TlsIdentity } from '../ports.js';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type Extension,
  type PublicKey,
} from './x509.js';

const DAY_MS = 86_400_000;
/** Charge points' clocks may be behind. */
const BACKDATED_MS = DAY_MS;

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The kinds of keys that the cipher suites of the standard need (OCPP 1.6 security whitepaper A00.FR.312 ff.). */
export const keyAlgorithms = {
  ecdsa,
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  },
} as const;
export type KeyType = keyof typeof keyAlgorithms;

export const newKeys = async (type: KeyType): Promise<webcrypto.CryptoKeyPair> => {
  const algorithm = keyAlgorithms[type];
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
};

export const keyPemOf = async (key: webcrypto.CryptoKey): Promise<string> =>
  PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');

/** An authority that can sign: its certificate and its key. */
export interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

/** An issuer from its file's content; its key is of the kind `ecdsa`. */
export async function issuerFrom({ chainPem, keyPem }: TlsIdentity): Promise<Issuer> {
  const [der] = PemConverter.decode(keyPem);
  if (!der) throw new Error('no key in PEM');
  return {
    certificate: new X509Certificate(chainPem),
    key: await webcrypto.subtle.importKey('pkcs8', der, ecdsa, false, ['sign']),
  };
}

/** A serial number of 126 random bits, in hexadecimal; positive, and never with a leading zero (RFC 5280 §4.1.2.2). */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

interface Name {
  readonly CN: string;
  readonly O: string;
}
const nameOf = ({ CN, O }: Name) => [{ CN: [CN] }, { O: [O] }];

/** Makes the certificate of an authority that signs no other authorities. */
export async function selfSigned(name: Name, now: number, days: number): Promise<TlsIdentity> {
  const keys = await newKeys('ecdsa');
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: nameOf(name),
    keys,
    signingAlgorithm: ecdsa,
    serialNumber: newSerialNumber(),
    notBefore: new Date(now - BACKDATED_MS),
    notAfter: new Date(now + days * DAY_MS),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { chainPem: certificate.toString('pem'), keyPem: await keyPemOf(keys.privateKey) };
}

/** Signs a certificate of an end: `extensions` say what it is for. It ends no later than its issuer's own. Returns PEM. */
export async function issue(
  { certificate, key }: Issuer,
  of: {
    readonly name: Name;
    readonly publicKey: PublicKey | webcrypto.CryptoKey;
    readonly extensions: readonly Extension[];
    readonly now: number;
    readonly days: number;
  },
): Promise<string> {
  const issued = await X509CertificateGenerator.create({
    subject: nameOf(of.name),
    issuer: certificate.subjectName.toJSON(),
    publicKey: of.publicKey,
    signingKey: key,
    signingAlgorithm: ecdsa,
    serialNumber: newSerialNumber(),
    notBefore: new Date(of.now - BACKDATED_MS),
    notAfter: new Date(Math.min(of.now + of.days * DAY_MS, certificate.notAfter.getTime())),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      await SubjectKeyIdentifierExtension.create(of.publicKey),
      await AuthorityKeyIdentifierExtension.create(certificate.publicKey),
      ...of.extensions,
    ],
  });
  return issued.toString('pem');
}

/** When the first certificate of a chain ends, in milliseconds since 1970. */
export const endOf = (chainPem: string): number => Date.parse(new NodeCertificate(chainPem).validTo);

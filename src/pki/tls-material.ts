import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsMaterial } from '../ports.js';
import type { EmbeddedAuthority } from './authority.js';
import { certificatesIn } from './pem-file.js';

export interface TlsFiles {
  /** Chain and key of the TLS port, PEM; both or neither. Without them the authority issues its own. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** Authorities of client certificates beside the embedded one, PEM. */
  readonly clientAuthorities?: string | undefined;
}

/**
 * What the TLS port shows and trusts, read anew at each call: files may have been renewed.
 * @throws Error naming the file that can't be used
 */
export function createTlsMaterial(
  files: TlsFiles,
  authority: () => Promise<EmbeddedAuthority>,
  hostNames: readonly string[],
): () => Promise<TlsMaterial> {
  return async () => {
    const { certificatePem, serverIdentities } = await authority();
    const { certificate, key, clientAuthorities } = files;
    return {
      identities:
        certificate === undefined || key === undefined
          ? await serverIdentities(hostNames)
          : [identityFrom(certificate, key)],
      clientAuthorities: [
        certificatePem,
        ...(clientAuthorities === undefined ? [] : authoritiesFrom(clientAuthorities)),
      ],
    };
  };
}

function identityFrom(certificateFile: string, keyFile: string): TlsMaterial['identities'][number] {
  const chainPem = readFileSync(certificateFile, 'utf8');
  const keyPem = readFileSync(keyFile, 'utf8');
  const certificate = using(certificateFile, () => new X509Certificate(chainPem));
  const key = using(keyFile, () => createPrivateKey(keyPem));
  if (!certificate.checkPrivateKey(key)) throw new Error(`${keyFile}: not the key of ${certificateFile}`);
  return { chainPem, keyPem };
}

function authoritiesFrom(file: string): readonly string[] {
  const found = certificatesIn(readFileSync(file, 'utf8'));
  if (found.length === 0) throw new Error(`${file}: no certificates in PEM`);
  return found;
}

function using<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

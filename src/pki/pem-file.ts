import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync, readFileSync } from 'node:fs';
import type { TlsIdentity } from '../ports.js';

const block = (text: string, label: RegExp): readonly string[] =>
  text.match(new RegExp(`-----BEGIN (${label.source})-----[\\s\\S]+?-----END \\1-----`, 'g')) ?? [];

/** Reads a file of one key and its certificate chain; undefined when there is no such file, or no such content in it. */
export function readIdentity(file: string): TlsIdentity | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  const [keyPem] = block(text, /[A-Z ]*PRIVATE KEY/);
  const chainPem = block(text, /CERTIFICATE/).join('\n');
  return keyPem === undefined || chainPem === '' ? undefined : { keyPem, chainPem };
}

/** The certificates in a text of PEM, one each. */
export const certificatesIn = (text: string): readonly string[] => block(text, /CERTIFICATE/);

/** Key and certificate go into one file at once, so that a crash can't part them. Only its owner may read it. */
export const writeIdentity = (file: string, { keyPem, chainPem }: TlsIdentity): void =>
  writeWhole(file, `${keyPem}\n${chainPem}\n`, 0o600);

/** Writes a whole file or none of it. */
export function writeWhole(file: string, text: string, mode: number): void {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, text, { mode, flag: 'wx' });
  renameSync(draft, file);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Vault } from './ports.js';

/** The key of the operator API, for whoever may read the data folder. */
export const operatorKeyFile = (dataDir: string): string => join(dataDir, 'operator.key');

/** Where the operator API of the running bridge is; written at its start, so that the CLI finds it on any port. */
export const operatorUrlFile = (dataDir: string): string => join(dataDir, 'operator.url');

const vaultKeyFile = (dataDir: string): string => join(dataDir, 'vault.key');

/** Reads a key of 256 bits, making it when there is none. Only its owner may read the file. */
function keyFrom(file: string): string {
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

export interface Keys {
  readonly operatorKey: string;
  readonly vault: Vault;
}

/** The keys of a data folder; the folder and the keys are made at the first start. */
export function openKeys(dataDir: string): Keys {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return {
    operatorKey: keyFrom(operatorKeyFile(dataDir)),
    vault: createVault(Buffer.from(keyFrom(vaultKeyFile(dataDir)), 'hex')),
  };
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM; sealed text is base64 of nonce, tag and ciphertext. `open` throws on anything that was tampered with. */
export function createVault(key: Buffer): Vault {
  return {
    seal(secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
        'utf8',
      );
    },
  };
}

import { createHmac, randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { sha256 } from '../domain/ids.js';

/** OWASP's least for scrypt; 16 MiB, some 50 ms. */
const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const KEY_BYTES = 32;

/** Passwords that were right lately, so that a reconnect storm does not cost a scrypt each. */
const REMEMBERED = 50_000;

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, COST, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });

/** The hash of a password that somebody chose: `scrypt:<salt>:<key>`, both in hexadecimal. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt:${salt.toString('hex')}:${(await derive(password, salt)).toString('hex')}`;
}

/**
 * A password that a machine makes: 160 bits, in characters that every charge point takes (OCPP 1.6 AuthorizationKey).
 * Nobody can guess so much, so its hash need not be slow: `sha256:<digest>`.
 */
export function generatePassword(): { readonly password: string; readonly hash: string } {
  const password = randomBytes(20).toString('hex');
  return { password, hash: `${GENERATED}:${sha256(password)}` };
}

const GENERATED = 'sha256';

export interface PasswordChecker {
  /** Is this the password of `hash`? Takes the same time whether it is nearly right or all wrong. */
  check(password: string, hash: string): Promise<boolean>;
  /** Was this very password right lately? Costs next to nothing; false says nothing. */
  remembers(password: string, hash: string): boolean;
}

export function createPasswordChecker(): PasswordChecker {
  const secret = randomBytes(32);
  const right = new Map<string, string>();
  const digestOf = (password: string): string => createHmac('sha256', secret).update(password).digest('hex');
  const remembers = (digest: string, hash: string): boolean => right.get(hash) === digest;

  return {
    remembers: (password, hash) => remembers(digestOf(password), hash),
    async check(password, hash) {
      const digest = digestOf(password);
      if (remembers(digest, hash)) return true;
      const [how, salt = '', key = ''] = hash.split(':');
      if (how === GENERATED) return sameText(sha256(password), salt);
      const expected = Buffer.from(key, 'hex');
      const actual = await derive(password, Buffer.from(salt, 'hex'));
      if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return false;
      if (right.size >= REMEMBERED) right.clear();
      right.set(hash, digest);
      return true;
    },
  };
}

const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

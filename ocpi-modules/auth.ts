import type { Partner, TokenEncoding } from '../src/domain/partner.js';

/** A credentials token has at most 64 characters (OCPI 2.2.1 §7.3.1); more than its base64 form is no token. */
const LONGEST_HEADER = 128;

/** U+0021 to U+007E (SUBTLE 2). */
const tokenPattern = /^[\x21-\x7e]{1,64}$/;

/**
 * The tokens that an Authorization header may mean: base64-decoded first (2.2-d2 and later), then as written, as many
 * peers still send (SUBTLE 1). A trailing newline inside base64 comes from a misprint in the standard and is dropped.
 */
export function tokensIn(authorization: string | undefined): readonly string[] {
  if (authorization === undefined || authorization.length > LONGEST_HEADER) return [];
  const written = /^token +(\S+) *$/i.exec(authorization)?.[1];
  if (written === undefined) return [];
  const decoded = /^[A-Za-z0-9+/]+={0,2}$/.test(written)
    ? Buffer.from(written, 'base64').toString('utf8').trimEnd()
    : undefined;
  return [decoded, written].filter((token) => token !== undefined).filter((token) => tokenPattern.test(token));
}

/** The Authorization header that presents `token`. */
export const authorizationOf = (token: string, encoding: TokenEncoding): string =>
  `Token ${encoding === 'base64' ? Buffer.from(token, 'utf8').toString('base64') : token}`;

/** Whoever calls: the partner and its token in clear. */
export interface Caller {
  readonly partner: Partner;
  readonly token: string;
}

/** Finds the caller; undefined for a missing or unknown token and for a partner that unregistered. */
export async function callerOf(
  authorization: string | undefined,
  authenticate: (token: string) => Promise<Partner | undefined>,
): Promise<Caller | undefined> {
  for (const token of tokensIn(authorization)) {
    const partner = await authenticate(token);
    if (partner && partner.status !== 'unregistered') return { partner, token };
  }
  return undefined;
}

import type { AuthMethod } from './charge-point.js';
import type { Token } from './token.js';

/** OCPI 2.2.1 §12.3.3 AllowedType: the eMSP's verdict. */
export type Allowed = 'ALLOWED' | 'BLOCKED' | 'EXPIRED' | 'NO_CREDIT' | 'NOT_ALLOWED';

/** What became of asking an eMSP: its verdict, that it doesn't know the token, or that there was no answer in time. */
export type EmspAnswer =
  | {
      readonly kind: 'verdict';
      readonly allowed: Allowed;
      readonly token?: Token | undefined;
      readonly authorizationReference?: string | undefined;
      /** The EVSEs it allows at the location asked about; absent: all that were asked about. */
      readonly evseUids?: readonly string[] | undefined;
    }
  | { readonly kind: 'unknown-token' }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Why a driver may or may not charge. `unknown`: no partner knows the token. */
export type Refusal = Exclude<Allowed, 'ALLOWED'> | 'UNKNOWN' | 'UNREACHABLE';

export type Decision =
  | { readonly allowed: true; readonly authMethod: AuthMethod; readonly authorizationReference?: string | undefined }
  | { readonly allowed: false; readonly reason: Refusal };

/** Must the eMSP be asked about this token (OCPI 2.2.1 §12.3.8 WhitelistType)? */
export function mustAsk(cached: Token | undefined): boolean {
  if (!cached) return true;
  switch (cached.whitelist) {
    case 'ALWAYS':
      return false;
    case 'ALLOWED':
      // the cached "not valid" may be old: only the eMSP can say yes
      return !cached.valid;
    case 'ALLOWED_OFFLINE':
    case 'NEVER':
      return true;
  }
}

/**
 * The decision over a token: by the cache alone (`answer` undefined), or by the eMSP's answer with the cache as a
 * stand-in where the whitelist permits it. No answer and no permission is a refusal: it fails closed.
 */
export function decide(cached: Token | undefined, answer: EmspAnswer | undefined): Decision {
  if (!answer) return byCache(cached);
  switch (answer.kind) {
    case 'verdict':
      return answer.allowed === 'ALLOWED'
        ? { allowed: true, authMethod: 'AUTH_REQUEST', authorizationReference: answer.authorizationReference }
        : { allowed: false, reason: answer.allowed };
    case 'unknown-token':
      return { allowed: false, reason: 'UNKNOWN' };
    case 'unreachable':
      return cached?.whitelist === 'ALLOWED_OFFLINE' && cached.valid
        ? byCache(cached)
        : { allowed: false, reason: 'UNREACHABLE' };
  }
}

function byCache(cached: Token | undefined): Decision {
  if (!cached) return { allowed: false, reason: 'UNKNOWN' };
  if (!cached.valid) return { allowed: false, reason: 'BLOCKED' };
  return { allowed: true, authMethod: 'WHITELIST' };
}

import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { answer } from './emsp-objects.js';
import type { Json } from './emsp-peer.js';

/** What is asked in real time: a token, and where it would charge. */
export interface AuthorizeQuestion {
  readonly uid: string;
  readonly type: string;
  readonly location: Json | undefined;
}

/** The answer to it. `unknown-token`: HTTP 404 with status 2004. */
export type Verdict =
  | 'unknown-token'
  | {
      readonly allowed: string;
      readonly authorizationReference?: string;
      /** The EVSEs that are allowed; absent: as asked. */
      readonly evseUids?: readonly string[];
    };

export interface TokenSenderOptions {
  /** Tokens by uid in capitals. */
  readonly tokens: ReadonlyMap<string, Json>;
  /** undefined leaves it to the token: valid ones are ALLOWED, others BLOCKED. */
  readonly verdictOf: (question: AuthorizeQuestion) => Verdict | undefined;
  readonly tokensUrl: () => string;
  readonly pageSize: number;
}

/** Tokens, Sender: the paged list and real-time authorization (OCPI 2.2.1 §12.2.1). */
export function createTokenSender({ tokens, verdictOf, tokensUrl, pageSize }: TokenSenderOptions): Router {
  const router = Router();

  router.get('/tokens', (request, response) => {
    const query = new URL(request.originalUrl, tokensUrl()).searchParams;
    const offset = Number(query.get('offset') ?? 0);
    const limit = Math.min(Number(query.get('limit') ?? pageSize), pageSize);
    const found = [...tokens.values()].filter((token) =>
      isBetween(token, query.get('date_from'), query.get('date_to')),
    );
    const next = new URLSearchParams(query);
    next.set('offset', String(offset + limit));
    next.set('limit', String(limit));
    answer(response, {
      data: found.slice(offset, offset + limit),
      headers: {
        'X-Total-Count': String(found.length),
        'X-Limit': String(pageSize),
        ...(offset + limit < found.length && { Link: `<${tokensUrl()}?${next.toString()}>; rel="next"` }),
      },
    });
  });

  router.post('/tokens/:uid/authorize', (request, response) => {
    const { uid } = request.params;
    const type = new URL(request.originalUrl, tokensUrl()).searchParams.get('type') ?? 'RFID';
    const location = request.body as Json | undefined;
    const token = tokens.get(uid.toUpperCase());
    const verdict = verdictOf({ uid, type, location }) ?? verdictBy(token);
    if (verdict === 'unknown-token' || !token) {
      answer(response, { http: 404, code: 2004, message: 'unknown token' });
      return;
    }
    const evseUids = verdict.evseUids ?? location?.['evse_uids'];
    answer(response, {
      data: {
        allowed: verdict.allowed,
        token,
        ...(location && { location: { ...location, ...(evseUids !== undefined && { evse_uids: evseUids }) } }),
        ...(verdict.authorizationReference && { authorization_reference: verdict.authorizationReference }),
      },
    });
  });

  return router;
}

function isBetween(token: Json, from: string | null, to: string | null): boolean {
  const at = Date.parse(String(token['last_updated']));
  return (from === null || at >= Date.parse(from)) && (to === null || at < Date.parse(to));
}

function verdictBy(token: Json | undefined): Verdict {
  if (!token) return 'unknown-token';
  return token['valid'] === true
    ? { allowed: 'ALLOWED', authorizationReference: randomUUID() }
    : { allowed: 'BLOCKED' };
}

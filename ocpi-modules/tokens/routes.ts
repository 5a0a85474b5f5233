import type { TokenKey } from '../../src/app/partner-requests.js';
import { DomainError } from '../../src/domain/errors.js';
import { keyOf } from '../../src/domain/ids.js';
import { sameParty } from '../../src/domain/schema.js';
import type { Token } from '../../src/domain/token.js';
import type { TokensCodec } from '../codec.js';
import { param, type ModuleDeps, type OcpiRequest, type ServedModule } from '../module.js';

/** OCPI 2.2.1 §12.2.2: what a URL without `?type=` means. */
const RFID = ['RFID'];

const tokenPath = '/:country_code/:party_id/:token_uid';

function keyIn(request: OcpiRequest, defaultType: string): TokenKey {
  return {
    countryCode: param(request, 'country_code'),
    partyId: param(request, 'party_id'),
    uid: param(request, 'token_uid'),
    type: request.query.get('type') ?? defaultType,
  };
}

/**
 * SUBTLE 16: the ids of URL and body are the same, without regard to case where the version has none.
 * @throws DomainError `invalid-input`
 */
function checkKey(key: TokenKey, body: Partial<Token>, codec: TokensCodec): void {
  const { country_code = key.countryCode, party_id = key.partyId, uid = key.uid, type = key.type } = body;
  const same =
    sameParty(key, { countryCode: country_code, partyId: party_id }) &&
    isSameUid(key.uid, uid, codec) &&
    key.type === type;
  if (!same) throw new DomainError('invalid-input', 'the token of the URL is not that of the body');
}

const isSameUid = (a: string, b: string, { caseSensitiveUids }: TokensCodec): boolean =>
  caseSensitiveUids ? a === b : keyOf(a) === keyOf(b);

/**
 * The token that a URL means, with the key that it has here.
 * @throws DomainError `unknown-token`
 */
async function tokenAt(
  { requests, codec: { tokens } }: ModuleDeps,
  request: OcpiRequest,
): Promise<{ key: TokenKey; token: Token }> {
  for (const type of tokens.typesWithoutQuery ?? RFID) {
    const key = keyIn(request, type);
    try {
      const token = await requests.tokens.get(request.partner, key);
      if (isSameUid(key.uid, token.uid, tokens)) return { key, token };
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'unknown-token') throw error;
    }
  }
  throw new DomainError('unknown-token', 'no such token');
}

/** Tokens, Receiver (OCPI 2.2.1 §12.2.2). */
export const tokensModule: ServedModule = {
  identifier: 'tokens',
  role: 'RECEIVER',
  functional: true,
  routes: (deps) => [
    {
      method: 'GET',
      path: tokenPath,
      handle: async (request) => ({ data: deps.codec.tokens.toWire((await tokenAt(deps, request)).token) }),
    },
    {
      method: 'PUT',
      path: tokenPath,
      async handle(request) {
        const { requests, codec } = deps;
        const { countryCode, partyId } = keyIn(request, '');
        const token = codec.tokens.fromWire(request.body, { countryCode, partyId });
        // many eMSPs push APP_USER tokens without ?type=; the body says what is meant (SUBTLE 69)
        checkKey(keyIn(request, token.type), token, codec.tokens);
        const outcome = await requests.tokens.put(request.partner, token);
        return { http: outcome === 'created' ? 201 : 200 };
      },
    },
    {
      method: 'PATCH',
      path: tokenPath,
      async handle(request) {
        const { requests, codec } = deps;
        const fields = codec.tokens.patchFromWire(request.body);
        const { key } = await tokenAt(deps, request);
        checkKey(key, fields, codec.tokens);
        await requests.tokens.patch(request.partner, key, fields);
        return {};
      },
    },
  ],
};

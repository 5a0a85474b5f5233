import type { TokenKey } from '../../src/app/partner-requests.js';
import { DomainError } from '../../src/domain/errors.js';
import { keyOf } from '../../src/domain/ids.js';
import { sameParty } from '../../src/domain/schema.js';
import type { Token } from '../../src/domain/token.js';
import { param, type OcpiRequest, type ServedModule } from '../module.js';

/** OCPI 2.2.1 §12.2.2: what a URL without `?type=` means. */
const DEFAULT_TYPE = 'RFID';

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
 * SUBTLE 16: the ids of URL and body are the same, without regard to case.
 * @throws DomainError `invalid-input`
 */
function checkKey(key: TokenKey, body: Partial<Token>): void {
  const { country_code = key.countryCode, party_id = key.partyId, uid = key.uid, type = key.type } = body;
  const same =
    sameParty(key, { countryCode: country_code, partyId: party_id }) &&
    keyOf(key.uid) === keyOf(uid) &&
    key.type === type;
  if (!same) throw new DomainError('invalid-input', 'the token of the URL is not that of the body');
}

/** Tokens, Receiver (OCPI 2.2.1 §12.2.2). */
export const tokensModule: ServedModule = {
  identifier: 'tokens',
  role: 'RECEIVER',
  functional: true,
  routes: ({ requests, codec: { tokens } }) => [
    {
      method: 'GET',
      path: tokenPath,
      async handle(request) {
        const found = await requests.tokens.get(request.partner, keyIn(request, DEFAULT_TYPE));
        return { data: tokens.toWire(found) };
      },
    },
    {
      method: 'PUT',
      path: tokenPath,
      async handle(request) {
        const token = tokens.fromWire(request.body);
        // many eMSPs push APP_USER tokens without ?type=; the body says what is meant (SUBTLE 69)
        checkKey(keyIn(request, token.type), token);
        const outcome = await requests.tokens.put(request.partner, token);
        return { http: outcome === 'created' ? 201 : 200 };
      },
    },
    {
      method: 'PATCH',
      path: tokenPath,
      async handle(request) {
        const fields = tokens.patchFromWire(request.body);
        const key = keyIn(request, DEFAULT_TYPE);
        checkKey(key, fields);
        await requests.tokens.patch(request.partner, key, fields);
        return {};
      },
    },
  ],
};

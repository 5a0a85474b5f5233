import { token as canonicalToken } from '../../src/domain/token.js';
import { tokensCodec, tokenSchemas } from './shared.js';

/** Tokens of OCPI 2.3.0 §12.3: the canonical ones. */
export const { token, locationReferences, authorizationInfo } = tokenSchemas(canonicalToken);

export const tokens = tokensCodec(token, (of) => of);

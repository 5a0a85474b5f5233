import { token as canonicalToken } from '../../src/domain/token.js';
import type { LossNote } from '../loss.js';
import { tokenType, tokenTypeToWire } from '../types/2.2.1.js';
import { tokensCodec, tokenSchemas } from './shared.js';

/** Tokens of OCPI 2.2.1 §12.3 and §12.4. */
export const { token, locationReferences, authorizationInfo } = tokenSchemas(
  canonicalToken.extend({ type: tokenType }),
);

export const tokens = tokensCodec(token, (of) => ({ ...of, type: tokenTypeToWire(of.type) }));

/** All that a token loses in 2.2.1. */
export const losses221: readonly LossNote[] = [{ field: 'Token.type', rule: 'EMAID and unknown types become OTHER' }];

import type { TokenEncoding } from '../src/domain/partner.js';

/** What a version does its own way below the objects: headers and status codes. */
export interface Transport {
  /** How a token is written in the Authorization header; a partner that reads only the other form gets that. */
  readonly tokenEncoding: TokenEncoding;
  /** OCPI-to and OCPI-from headers, of functional modules. */
  readonly routing: boolean;
  /** X-Request-ID and X-Correlation-ID. */
  readonly messageIds: boolean;
  /** The status code that says that a token is not known. */
  readonly unknownTokenCode: number;
  /** HTTP 404 says so too, with whatever status code. */
  readonly unknownTokenBy404: boolean;
}

import type { PartnerRequests } from '../src/app/partner-requests.js';
import type { Partner, PartnerEndpoint } from '../src/domain/partner.js';
import type { Store } from '../src/ports.js';
import type { Codec } from './codec.js';
import type { OcpiReply } from './envelope.js';
import type { UrlPolicy } from './url-guard.js';

/** A request that came in, authenticated and with its body parsed as JSON. */
export interface OcpiRequest {
  readonly partner: Partner;
  /** The caller's token in clear. */
  readonly token: string;
  /** Of the path, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** undefined: there was none. */
  readonly body: unknown;
}

/** One row of a module's routing table. `path` is below the module's URL, as `/:location_id`. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  handle(request: OcpiRequest): Promise<OcpiReply>;
}

/** What a module's routes work with, in one version. */
export interface ModuleDeps {
  readonly store: Store;
  readonly requests: PartnerRequests;
  readonly version: string;
  readonly codec: Codec;
  /** The module's own URL, as partners see it. */
  readonly url: string;
  readonly pageLimit: number;
  readonly urlPolicy: UrlPolicy;
}

/** A module that we serve; its routes are the same in all versions. */
export interface ServedModule {
  readonly identifier: string;
  readonly role: PartnerEndpoint['role'];
  /**
   * A functional module: routing headers are used, and only registered partners may call. The others, versions and
   * credentials, are open to a TOKEN_A too and know no routing (SUBTLE 3, 25).
   */
  readonly functional: boolean;
  readonly routes: (deps: ModuleDeps) => readonly Route[];
}

/** A parameter of the path; the route's own pattern guarantees it. */
export const param = (request: OcpiRequest, name: string): string => request.params[name] ?? '';

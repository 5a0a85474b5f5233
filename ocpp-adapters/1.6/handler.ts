import type { Answer, InboundCall, Peer } from '../adapter.js';
import type { Requests } from './messages.js';

/** Handles one action; resolves when what it reports is saved. */
export type Handler<A extends keyof Requests> = (
  request: Requests[A],
  call: InboundCall,
  peer: Peer,
) => Promise<Answer>;

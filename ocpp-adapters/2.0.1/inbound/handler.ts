import type { Answer, InboundCall, Peer } from '../../adapter.js';

/** Handles the calls of one action; resolves when what they report is saved. */
export type Handler<Request> = (request: Request, call: InboundCall, peer: Peer) => Promise<Answer>;

/** Which handler an action has. */
export type Handlers = Readonly<Record<string, Handler<never>>>;

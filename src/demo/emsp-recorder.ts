import type { IncomingHttpHeaders } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';

/** A request as it arrived, in order of arrival. `path` is with its query. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** The fault that was made for it. */
  readonly fault: Fault | undefined;
}

/**
 * What to do instead of answering as one should. With `processed` the request takes effect first, and only its answer
 * is lost.
 */
export type Fault =
  | {
      readonly kind: 'answer';
      readonly http: number;
      readonly code?: number;
      readonly headers?: Record<string, string>;
    }
  | { readonly kind: 'hang'; readonly processed?: boolean }
  | { readonly kind: 'reset'; readonly processed?: boolean }
  | { readonly kind: 'delay'; readonly ms: number };

export type FaultOf = (request: Omit<RecordedRequest, 'fault'>) => Fault | undefined;

export interface Recorder {
  readonly requests: readonly RecordedRequest[];
  /** Records, then makes the fault that is set for the request, if any. */
  readonly middleware: RequestHandler;
  /** Chooses a fault for each request from now on; undefined: none any more. */
  readonly setFaults: (faultOf: FaultOf | undefined) => void;
  /** The first request, of those past and to come, that `matches`. @throws Error after `timeoutMs` */
  readonly waitFor: (matches: (request: RecordedRequest) => boolean, timeoutMs: number) => Promise<RecordedRequest>;
}

export function createRecorder(): Recorder {
  const requests: RecordedRequest[] = [];
  const watchers = new Set<(request: RecordedRequest) => void>();
  let faultOf: FaultOf | undefined;

  function record(request: Request): RecordedRequest {
    const { method, originalUrl: path, headers } = request;
    // a copy: what arrived is what is kept, whatever becomes of the object
    const arrived = { method, path, headers, body: structuredClone(request.body as unknown) };
    const recorded = { ...arrived, fault: faultOf?.(arrived) };
    requests.push(recorded);
    for (const watcher of watchers) watcher(recorded);
    return recorded;
  }

  return {
    requests,
    middleware(request, response, next) {
      const { fault } = record(request);
      if (!fault) next();
      else make(fault, response, next);
    },
    setFaults(next) {
      faultOf = next;
    },
    async waitFor(matches, timeoutMs) {
      const past = requests.find(matches);
      if (past) return past;
      return new Promise((resolve, reject) => {
        const stop = (): void => {
          watchers.delete(watcher);
          clearTimeout(timer);
        };
        const watcher = (request: RecordedRequest): void => {
          if (!matches(request)) return;
          stop();
          resolve(request);
        };
        const timer = setTimeout(() => {
          stop();
          const seen = requests.map(({ method, path }) => `${method} ${path}`).join('\n  ');
          reject(new Error(`no such request within ${timeoutMs} ms; those that came:\n  ${seen}`));
        }, timeoutMs);
        watchers.add(watcher);
      });
    },
  };
}

function make(fault: Fault, response: Response, next: () => void): void {
  switch (fault.kind) {
    case 'answer':
      response
        .status(fault.http)
        .set(fault.headers ?? {})
        .json({ status_code: fault.code ?? 3000, timestamp: new Date().toISOString() });
      return;
    case 'delay':
      setTimeout(next, fault.ms);
      return;
    case 'hang':
    case 'reset': {
      const lose = (): void => {
        if (fault.kind === 'reset') response.socket?.resetAndDestroy();
      };
      if (!fault.processed) {
        lose();
        return;
      }
      response.json = () => {
        lose();
        return response;
      };
      next();
    }
  }
}

import type { Job } from '../ports.js';

/** What of a partner's jobs is one: jobs of one key are joined and never run side by side. */
export const jobKey = ({ kind, id }: Pick<Job, 'kind' | 'id'>): string => `${kind} ${id}`;

/** One job for two of the same key: the parts of both, or the whole when either stands for it. */
export function joined(a: Job, b: Job): Job {
  const { partnerId, kind, id } = a;
  const changes = [a.change, b.change].filter((change) => change !== undefined);
  return {
    partnerId,
    kind,
    id,
    ...(a.parts?.length && b.parts?.length && { parts: [...new Set([...a.parts, ...b.parts])] }),
    ...(changes.length > 0 && { change: Math.max(...changes) }),
  };
}

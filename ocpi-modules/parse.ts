import type { z } from 'zod';
import { DomainError } from '../src/domain/errors.js';

/** What is wrong with a value, and where: `path` reads like `evses.0.connectors.1.id`, empty for the whole. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

export const problemsOf = (error: z.ZodError): readonly Problem[] =>
  error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));

/** As many problems as fit into a status_message that a person reads. */
const PROBLEMS_SHOWN = 5;

export const problemText = (problems: readonly Problem[]): string =>
  problems
    .slice(0, PROBLEMS_SHOWN)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');

/**
 * Reads a wire value of ours or a partner's.
 * @throws DomainError `invalid-input` that names the fields at fault
 */
export function parseWire<S extends z.ZodType>(schema: S, json: unknown, what: string): z.output<S> {
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  throw new DomainError('invalid-input', `${what}: ${problemText(problemsOf(read.error))}`);
}

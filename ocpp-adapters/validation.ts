import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { RpcErrorCode } from './adapter.js';
import { createEditor, type Editor, type Path } from './json-edit.js';

export type { Path };

/** One thing that a schema has against a message. */
export interface Problem {
  /** The message, e.g. `StartTransactionRequest`. */
  readonly message: string;
  /** JSON Schema's: required, type, enum, format, maxLength, additionalProperties… */
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Where; for `required` and `additionalProperties` the field itself. The whole payload: empty. */
  readonly path: Path;
  /** The last part of the path. */
  readonly field: string;
  readonly value: unknown;
  /** The object that holds the field. */
  readonly parent: unknown;
  /** Fields that the schema wants, where the problem is the payload or an object as a whole. */
  readonly wanted: readonly string[];
}

export type Fix =
  | { readonly do: 'accept' }
  | { readonly do: 'set'; readonly path: Path; readonly value: unknown }
  | { readonly do: 'remove'; readonly path: Path };

/** What charge points in the field do, and how we read it nevertheless. */
export interface Tolerance {
  readonly name: string;
  readonly seen: string;
  readonly rule: string;
  /** How to mend the problem; undefined: this isn't the one. */
  fix(problem: Problem): Fix | undefined;
}

export type Checked =
  | { readonly ok: true; readonly payload: object; readonly tolerances: readonly string[] }
  | {
      readonly ok: false;
      readonly code: RpcErrorCode;
      readonly reason: string;
      readonly tolerances: readonly string[];
    };

/** A mended message can show new problems, e.g. a text that becomes a number that must be whole. */
const MAX_PASSES = 5;

/** More than a frame of real meter values can have; mending takes time for each. */
const MAX_PROBLEMS = 20_000;

const none: readonly string[] = [];

/**
 * Checks messages by JSON schemas, each compiled on its first use. A valid message pays only for the compiled check;
 * only one that fails is mended by `tolerances` (in place) and checked again.
 * @returns a function of the message's name and its payload, which throws for a message without schema
 */
export function createCheck(
  schemas: Readonly<Record<string, object | undefined>>,
  tolerances: readonly Tolerance[],
): (message: string, payload: unknown) => Checked {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, validateSchema: false, multipleOfPrecision: 6 });
  formats.default(ajv, ['date-time', 'uri']);
  const compiled = new Map<string, ValidateFunction>();

  function validatorOf(message: string): ValidateFunction {
    const known = compiled.get(message);
    if (known) return known;
    const schema = schemas[message];
    if (!schema) throw new Error(`no schema for ${message}`);
    const validator = ajv.compile(schema);
    compiled.set(message, validator);
    return validator;
  }

  return (message, payload) => {
    const validator = validatorOf(message);
    if (validator(payload)) return { ok: true, payload: payload as object, tolerances: none };
    if ((validator.errors?.length ?? 0) > MAX_PROBLEMS) {
      return { ok: false, code: 'GenericError', reason: 'too much is wrong with the payload', tolerances: none };
    }
    return mend(message, payload, validator, tolerances);
  };
}

function mend(
  message: string,
  payload: unknown,
  validator: ValidateFunction,
  tolerances: readonly Tolerance[],
): Checked {
  const editor = createEditor(payload);
  const applied = new Set<string>();
  let problems: readonly Problem[] = [];
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    if (pass > 0) validator(editor.root());
    problems = (validator.errors ?? []).map((error) => problemOf(message, error, editor));
    const { fixed, left } = applyTolerances(problems, tolerances, editor, applied);
    editor.finish();
    problems = left;
    if (left.length > 0 && !fixed) break;
    if (left.length === 0 && !fixed) {
      return { ok: true, payload: editor.root() as object, tolerances: [...applied] };
    }
  }
  const [first] = problems;
  return { ok: false, ...refusalOf(first), tolerances: [...applied] };
}

function applyTolerances(
  problems: readonly Problem[],
  tolerances: readonly Tolerance[],
  editor: Editor,
  applied: Set<string>,
): { fixed: boolean; left: readonly Problem[] } {
  const left: Problem[] = [];
  let fixed = false;
  for (const problem of problems) {
    const found = findFix(problem, tolerances);
    if (!found) {
      left.push(problem);
      continue;
    }
    applied.add(found.name);
    if (found.fix.do === 'accept') continue;
    fixed = true;
    if (found.fix.do === 'set') editor.set(found.fix.path, found.fix.value);
    else editor.remove(found.fix.path);
  }
  return { fixed, left };
}

function findFix(problem: Problem, tolerances: readonly Tolerance[]): { name: string; fix: Fix } | undefined {
  for (const tolerance of tolerances) {
    const fix = tolerance.fix(problem);
    if (fix) return { name: tolerance.name, fix };
  }
  return undefined;
}

const fieldParams: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  additionalProperties: 'additionalProperty',
};

function problemOf(message: string, error: ErrorObject, editor: Editor): Problem {
  const params = error.params as Readonly<Record<string, unknown>>;
  const at = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const fieldParam = fieldParams[error.keyword];
  const path = fieldParam === undefined ? at : [...at, String(params[fieldParam])];
  const required: unknown = error.parentSchema?.['required'];
  return {
    message,
    keyword: error.keyword,
    params,
    path,
    field: path.at(-1) ?? '',
    value: editor.get(path),
    parent: editor.get(path.slice(0, -1)),
    wanted: Array.isArray(required) ? required.map(String) : [],
  };
}

const codes: Readonly<Record<string, RpcErrorCode>> = {
  required: 'OccurrenceConstraintViolation',
  minItems: 'OccurrenceConstraintViolation',
  maxItems: 'OccurrenceConstraintViolation',
  type: 'TypeConstraintViolation',
};

/** Says which field is wrong and why, never its value, which may be an idTag (OCPP-J 1.6 §4.2.3). */
function refusalOf(problem: Problem | undefined): { code: RpcErrorCode; reason: string } {
  if (!problem) return { code: 'GenericError', reason: 'the message could not be read' };
  const { keyword, params, path, value } = problem;
  if (path.length === 0) {
    return value === undefined
      ? { code: 'ProtocolError', reason: 'the payload is missing' }
      : { code: 'FormatViolation', reason: 'the payload must be an object' };
  }
  return {
    code: codes[keyword] ?? 'PropertyConstraintViolation',
    reason: `${path.join('.')} ${complaints[keyword]?.(params) ?? `violates ${keyword}`}`,
  };
}

const complaints: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => string>> = {
  required: () => 'is missing',
  type: ({ type }) => `must be ${String(type)}`,
  enum: ({ allowedValues }) => `must be one of ${(allowedValues as unknown[]).map(String).join(', ')}`,
  format: ({ format }) => `must be a ${String(format)}`,
  maxLength: ({ limit }) => `is longer than ${String(limit)} characters`,
  additionalProperties: () => 'is not a field of this message',
  multipleOf: ({ multipleOf }) => `must be a multiple of ${String(multipleOf)}`,
  minItems: ({ limit }) => `must have at least ${String(limit)} items`,
  maxItems: ({ limit }) => `must have at most ${String(limit)} items`,
};

import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { businessDetails, countryCode, partyId } from './domain/schema.js';

/** A configuration that can't be used: says which key and why. Exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const port = z.number().int().min(0).max(65535);
const seconds = (fallback: number, max = 7 * 86_400) => z.number().positive().max(max).default(fallback);
const count = (fallback: number, max = 10_000_000) => z.number().int().positive().max(max).default(fallback);
const filePath = z.string().min(1);
const describe = <T extends z.ZodType>(schema: T, text: string): T => schema.describe(text);

/** Settings of TLS that need others, and what they lack. */
function tlsProblems(ocpp: {
  readonly plain: boolean;
  readonly tlsPort?: number | undefined;
  readonly tlsCertFile?: string | undefined;
  readonly tlsKeyFile?: string | undefined;
}): readonly (readonly [string, string])[] {
  return [
    ...(ocpp.plain || ocpp.tlsPort !== undefined ? [] : [['plain', 'without it tlsPort is needed'] as const]),
    ...((ocpp.tlsCertFile === undefined) === (ocpp.tlsKeyFile === undefined)
      ? []
      : [[ocpp.tlsKeyFile === undefined ? 'tlsKeyFile' : 'tlsCertFile', 'certificate and key go together'] as const]),
  ];
}

/** Every key of the configuration file. A description here is the one in the README (test/config.test.ts holds the README to it). */
const schema = z.strictObject({
  dataDir: describe(z.string().min(1).default('./data'), 'folder of the embedded store and of generated keys'),
  logLevel: describe(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'least level that is logged',
  ),
  countryCode: describe(countryCode.default('NL'), "the operator's country (ISO 3166-1 alpha-2)"),
  partyId: describe(partyId.default('RBR'), "the operator's party id (ISO 15118)"),
  businessDetails: describe(
    businessDetails.default({ name: 'Roambridge operator' }),
    'name, website and logo that partners see',
  ),
  host: describe(z.string().min(1).default('0.0.0.0'), 'address that the OCPP and OCPI ports listen on'),
  ocppPort: describe(port.default(9000), 'charge points connect here: ws://HOST:9000/ocpp/<chargePointId>'),
  ocpiPort: describe(port.default(8080), 'partners connect here: http://HOST:8080/ocpi/versions'),
  operatorPort: describe(port.default(8081), 'operator API, on 127.0.0.1 only'),
  ocpiUrl: describe(z.url().optional(), 'public base URL of the OCPI port; default http://127.0.0.1:<ocpiPort>'),
  allowPrivateNetworks: describe(
    z.boolean().default(false),
    'partners may be at http and private or loopback addresses (demo and tests)',
  ),
  allowPlain: describe(z.boolean().default(false), 'charge points without a password may connect (security profile 0)'),
  acceptUnknown: describe(
    z.boolean().default(false),
    'a charge point that is not known gets a placeholder location instead of a 404',
  ),
  currency: describe(z.string().length(3).default('EUR'), 'currency of sessions without a tariff (ISO 4217)'),

  cachedDocuments: describe(count(20_000), 'documents that the store keeps in memory for reading'),

  heartbeatInterval: describe(seconds(300), 's; told to charge points at boot'),
  bootSettle: describe(seconds(30), 's after a boot until we ask for the device model or send a local list'),
  offlineGrace: describe(seconds(120), 's without a connection until EVSEs are UNKNOWN'),
  stopGrace: describe(seconds(300), 's after a sign that a transaction is over until we end it ourselves'),
  lateStopWait: describe(seconds(3600), 's that the CDR of a session we ended waits for a late StopTransaction'),
  clockEvidence: describe(seconds(600), 's for which a charge point’s clock must lag by the same to be corrected'),
  dialectsFile: describe(z.string().min(1).optional(), 'YAML or JSON file of more dialects (docs/dialects.md)'),
  meterRetention: describe(seconds(365 * 86_400, 20 * 365 * 86_400), 's that raw meter samples are kept'),
  sweepInterval: describe(seconds(15), 's between looks for lost stops, due CDRs and due deliveries'),
  shutdownTimeout: describe(seconds(10), 's for an orderly stop'),

  localListEntries: describe(
    z.number().int().min(0).max(10_000).default(100),
    'tokens on a charge point’s local list, most recently used first; 0: none are sent',
  ),
  authorizeBudget: describe(seconds(5, 60), 's for a whole authorization decision; below the charge point’s own'),
  commandTimeout: describe(seconds(30, 3600), 's until the result of an OCPI command is TIMEOUT'),

  ocpp: describe(
    z
      .strictObject({
        callTimeout: describe(seconds(30), 's until a call to a charge point has failed'),
        commandWait: describe(seconds(30), 's that a command waits for its turn and for the boot'),
        bootWait: describe(seconds(10), 's after which a charge point that does not boot anew gets commands'),
        pingInterval: describe(seconds(60), 's between pings'),
        idleTimeout: describe(seconds(180), 's without any sign of life until a connection is dropped'),
        upgradeTimeout: describe(seconds(10), 's for the HTTP upgrade'),
        upgradesPerSecond: describe(count(2000, 100_000), 'connections taken a second; more get 503'),
        maxFrameBytes: describe(count(256 * 1024), 'bytes of the largest frame'),
        maxConnections: describe(count(20_000), 'charge points at once'),
        maxQueuedCalls: describe(count(32), 'calls of a charge point that wait before its socket is paused'),
        maxPendingCommands: describe(count(32), 'commands that wait for one charge point'),
        maxBadFrames: describe(count(20), 'malformed frames in a row until a connection is closed'),
        messagesPerSecond: describe(count(100), 'messages of one charge point a second'),
        messageBurst: describe(count(1000), 'messages of one charge point at once after a quiet time'),
        onFlood: describe(
          z.enum(['slow', 'refuse', 'close']).default('slow'),
          'more messages: `slow` reads no faster, `refuse` answers calls with a CALLERROR, `close` ends the connection',
        ),
        maxAuthFailures: describe(
          count(10),
          'wrong passwords of one charge point in `authFailureWindow`; more get 429',
        ),
        maxAuthFailuresPerAddress: describe(count(100), 'the same for one address, whichever charge point it names'),
        authFailureWindow: describe(seconds(60), 's in which wrong passwords are counted'),
        plain: describe(z.boolean().default(true), '`ocppPort` is open; without it only `tlsPort` is'),
        tlsPort: describe(
          port.optional(),
          'charge points connect here by TLS: wss://HOST:<tlsPort>/ocpp/<chargePointId>; absent: they can’t',
        ),
        tlsCertFile: describe(
          filePath.optional(),
          'certificate chain of `tlsPort`, PEM; absent: issued by the embedded authority',
        ),
        tlsKeyFile: describe(filePath.optional(), 'its key, PEM'),
        tlsHostNames: describe(
          z.string().min(1).default('localhost,127.0.0.1'),
          'names and addresses in the certificate that the embedded authority issues for `tlsPort`',
        ),
        tlsClientCaFile: describe(
          filePath.optional(),
          'authorities of charge points’ certificates beside the embedded one, PEM; any certificate of theirs with an id lets in',
        ),
        tlsReload: describe(seconds(3600), 's between looks for renewed certificates in these files'),
        certificateDays: describe(count(365, 3650), 'days that a certificate of a charge point is good for'),
      })
      .check(({ value, issues }) => {
        for (const [path, message] of tlsProblems(value))
          issues.push({ code: 'custom', input: value, path: [path], message });
      })
      .prefault({}),
    'OCPP limits',
  ),
  ocpi: describe(
    z
      .strictObject({
        requestTimeout: describe(seconds(15), 's until a request to a partner has failed'),
        maxBodyBytes: describe(count(2 * 1024 * 1024), 'bytes of the largest body, either way'),
        maxPageSize: describe(count(100, 1000), 'objects a page that partners get (X-Limit)'),
        pullPageSize: describe(count(100, 1000), 'objects a page that we ask partners for'),
        maxPages: describe(count(10_000), 'pages of a partner’s list that we pull'),
      })
      .prefault({}),
    'OCPI limits',
  ),
  delivery: describe(
    z
      .strictObject({
        concurrency: describe(count(4, 1000), 'requests at once to one partner'),
        backoffBase: describe(seconds(1), 's of the first backoff; doubles, with full jitter'),
        backoffMax: describe(seconds(600), 's of the longest backoff'),
        retryAfterMax: describe(seconds(3600), 's of the longest Retry-After of a partner that is honoured'),
        giveUpAfter: describe(
          seconds(86_400, 30 * 86_400),
          's after which a push other than of a CDR is parked; the partner re-syncs by GET',
        ),
        circuitFailures: describe(count(5, 1000), 'failures in a row that open a partner’s circuit'),
        circuitOpen: describe(seconds(30), 's that a circuit stays open before a probe'),
      })
      .prefault({}),
    'delivery to partners',
  ),
});

export type Config = z.infer<typeof schema>;

const CONFIG_FILE = 'ROAMBRIDGE_CONFIG';

/** Variables for servers that this version has no drivers for: silence would lose data in the wrong place. */
const unsupported = ['MONGODB_URL', 'REDIS_URL'];

/** What Kubernetes adds by itself to containers beside a service called roambridge. */
const serviceLink = /^ROAMBRIDGE_(SERVICE_|PORT(_|$))/;

/** The variable that sets a key: `dataDir` is ROAMBRIDGE_DATA_DIR, `ocpp.callTimeout` ROAMBRIDGE_OCPP__CALL_TIMEOUT. */
const variableName = (path: string): string =>
  `ROAMBRIDGE_${path
    .replaceAll(/([A-Z])/g, '_$1')
    .replaceAll('.', '__')
    .toUpperCase()}`;

/**
 * The configuration from a file (YAML or JSON, named by `file` or ROAMBRIDGE_CONFIG) and from ROAMBRIDGE_* variables,
 * which win.
 * @throws ConfigError naming each key or variable that is wrong, and why
 */
export function loadConfig(env: NodeJS.ProcessEnv, file = env[CONFIG_FILE]): Config {
  for (const name of unsupported) {
    if (env[name]) throw new ConfigError(`${name} is set, but this version has only the embedded store and queue`);
  }
  const values = file ? readFile(file) : {};
  const known = new Map(configKeys().map(({ key, variable }) => [variable, key]));
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('ROAMBRIDGE_') || name === CONFIG_FILE || serviceLink.test(name) || value === undefined)
      continue;
    const key = known.get(name);
    if (key === undefined) throw new ConfigError(`${name}: there is no such setting`);
    setPath(values, key.split('.'), fromText(key, value));
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => explain(issue, env, file)).join('\n'));
}

function readFile(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (content === null || content === undefined) return {};
  if (typeof content !== 'object' || Array.isArray(content)) throw new ConfigError(`${file}: not a list of settings`);
  return content as Record<string, unknown>;
}

function explain(issue: z.core.$ZodIssue, env: NodeJS.ProcessEnv, file: string | undefined): string {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .map((key) => `${file ?? 'configuration'}: ${path ? `${path}.` : ''}${key}: there is no such setting`)
      .join('\n');
  }
  const variable = variableName(path);
  return `${env[variable] === undefined ? `${file ?? 'configuration'}: ${path}` : variable}: ${issue.message}`;
}

function setPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner = target[head];
  const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  target[head] = next;
  setPath(next, rest, value);
}

/** A variable is text; the setting it stands for may be a number, a switch or an object. */
function fromText(key: string, value: string): unknown {
  const { type } = configKeys().find((each) => each.key === key) ?? { type: 'string' };
  if ((type === 'number' || type === 'integer') && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value);
  if (type === 'boolean')
    return { true: true, '1': true, yes: true, false: false, '0': false, no: false }[value] ?? value;
  if (type === 'object') {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  return value;
}

export interface ConfigKey {
  readonly key: string;
  readonly variable: string;
  readonly type: string;
  readonly fallback: unknown;
  readonly description: string;
}

interface JsonSchema {
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Record<string, JsonSchema>;
}

let keys: readonly ConfigKey[] | undefined;

/** Every setting: its key, variable, type, default and meaning. */
export function configKeys(): readonly ConfigKey[] {
  keys ??= keysOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, '');
  return keys;
}

const groups = new Set(['ocpp', 'ocpi', 'delivery']);

function keysOf(of: JsonSchema, prefix: string): readonly ConfigKey[] {
  return Object.entries(of.properties ?? {}).flatMap(([name, inner]) => {
    const key = `${prefix}${name}`;
    if (groups.has(key)) return keysOf(inner, `${key}.`);
    return [
      {
        key,
        variable: variableName(key),
        type: inner.type ?? 'string',
        fallback: inner.default,
        description: inner.description ?? '',
      },
    ];
  });
}

/** The base URL under which partners reach the OCPI port, without a trailing slash. */
export const publicUrl = (config: Config, ocpiPort: number): string =>
  (config.ocpiUrl ?? `http://127.0.0.1:${ocpiPort}`).replace(/\/+$/, '');

import { readFileSync } from 'node:fs';
import { Argument, InvalidArgumentError, Option } from 'commander';
import type { ChargePointCommand } from '../domain/command.js';
import { instant, parseInstant, type Instant } from '../domain/instant.js';

/** What was written on the command line, by the names of arguments and options. */
type Given = Readonly<Record<string, unknown>>;

/** One thing that an operator asks of a charge point: `roambridge charge-point <name> <id> …`. */
export interface Order {
  /** A word, or two for a command of a group. */
  readonly name: string;
  readonly what: string;
  readonly args: readonly Argument[];
  readonly options: readonly Option[];
  command(given: Given): ChargePointCommand;
}

const time = (text: string): Instant => {
  const read = parseInstant(text);
  if (read !== undefined) return read;
  throw new InvalidArgumentError('it must be a date and time, e.g. 2026-01-31T12:00:00Z');
};

const connectorNumber = (text: string): string => {
  if (/^\d+$/.test(text)) return text;
  throw new InvalidArgumentError('it must be a number');
};

const wholeNumber = (text: string): number => Number(connectorNumber(text));

const content = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
};

const jsonObject = (text: string): Readonly<Record<string, unknown>> => {
  const read = parseJson(text);
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  throw new InvalidArgumentError('it must be a JSON object');
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const now = (): Instant => instant(Date.now());

/** A number of 32 bits that the charge point has hardly seen before: its later notices tell by it what they are about. */
const newRequestId = (): number => Math.floor(Date.now() / 1000);

const connector = new Argument('<connector>', 'number of the connector or EVSE').argParser(connectorNumber);
const atConnector = new Option('--connector <n>', 'only this connector or EVSE').argParser(connectorNumber);
const message = new Option('--message <n>', 'number of the message').argParser(wholeNumber).default(1);

/** An order whose command knows the types that the parsers above have seen to. */
interface TypedOrder<G> extends Omit<Order, 'command'> {
  command(given: G): ChargePointCommand;
}

/** The types are those of the parsers; an order with others would be a mistake in this file. */
const order = <G extends object>(
  name: string,
  what: string,
  args: readonly Argument[],
  options: readonly Option[],
  command: (given: G) => ChargePointCommand,
): TypedOrder<G> => ({ name, what, args, options, command });

/** What operators ask of charge points, whatever version each speaks. */
export const orders: readonly Order[] = [
  order(
    'call',
    'any message of the OCPP version that it speaks, checked against its schema',
    [
      new Argument('<action>', 'e.g. GetConfiguration'),
      new Argument('[payload]', 'JSON').argParser(jsonObject).default({}, '{}'),
    ],
    [],
    ({ action, payload }: { action: string; payload: Record<string, unknown> }) => ({ type: 'call', action, payload }),
  ),
  order(
    'reset',
    'restart it',
    [],
    [new Option('--hard', 'at once, without ending transactions in order')],
    ({ hard = false }: { hard?: boolean }) => ({ type: 'reset', hard }),
  ),
  order('unlock', 'unlock a connector', [connector], [], ({ connector }: { connector: string }) => ({
    type: 'unlockConnector',
    connector,
  })),
  order(
    'availability',
    'take a connector into or out of service; 0 is the whole charge point',
    [connector, new Argument('<state>').choices(['operative', 'inoperative'])],
    [],
    ({ connector, state }: { connector: string; state: string }) => ({
      type: 'changeAvailability',
      connector,
      operative: state === 'operative',
    }),
  ),
  order(
    'trigger',
    'have it send a message now',
    [new Argument('<message>', 'e.g. StatusNotification')],
    [atConnector],
    (given: { message: string; connector?: string }) => ({ type: 'trigger', ...given }),
  ),
  order(
    'config get',
    'its configuration: all of it, or these keys (OCPP 2.x: Component.Variable)',
    [new Argument('[key...]').default([], 'all')],
    [],
    ({ key }: { key: string[] }) => ({ type: 'getConfiguration', keys: key }),
  ),
  order(
    'config set',
    'change its configuration',
    [new Argument('<key>'), new Argument('<value>')],
    [],
    (given: { key: string; value: string }) => ({ type: 'changeConfiguration', ...given }),
  ),
  order(
    'firmware',
    'have it fetch and install firmware; with a signature and its certificate, a signed update',
    [new Argument('<url>')],
    [
      new Option('--at <time>', 'fetch it then; else now').argParser(time),
      new Option('--install-at <time>', 'install it then').argParser(time),
      new Option('--signature <base64>', 'signature of the file'),
      new Option('--certificate <file>', 'PEM file of the certificate that signed it').argParser(content),
    ],
    (given: { url: string; at?: Instant; installAt?: Instant; signature?: string; certificate?: string }) => ({
      type: 'updateFirmware',
      requestId: newRequestId(),
      url: given.url,
      retrieveAt: given.at ?? now(),
      installAt: given.installAt,
      signature: given.signature,
      signingCertificate: given.certificate,
    }),
  ),
  order(
    'logs',
    'have it upload its logs',
    [new Argument('<url>', 'where to, e.g. ftp://user:password@host/folder')],
    [
      new Option('--security', 'the security log instead of diagnostics'),
      new Option('--from <time>', 'from then').argParser(time),
      new Option('--to <time>', 'until then').argParser(time),
    ],
    ({ url, security = false, from, to }: { url: string; security?: boolean; from?: Instant; to?: Instant }) => ({
      type: 'getLog',
      requestId: newRequestId(),
      log: security ? 'security' : 'diagnostics',
      url,
      from,
      to,
    }),
  ),
  order(
    'display',
    'show a text on its display (OCPP 2.x)',
    [new Argument('<text>')],
    [message, new Option('--until <time>', 'until then').argParser(time)],
    ({ text, message, until }: { text: string; message: number; until?: Instant }) => ({
      type: 'setDisplayMessage',
      id: message,
      text,
      expiresAt: until,
    }),
  ),
  order('display-clear', 'take a text off its display', [], [message], ({ message }: { message: number }) => ({
    type: 'clearDisplayMessage',
    id: message,
  })),
  order('local-list version', 'which version of the local list it has', [], [], () => ({
    type: 'getLocalListVersion',
  })),
  order(
    'remote-start',
    'start a charge with this token',
    [new Argument('<token>', 'idTag')],
    [atConnector],
    ({ token, connector }: { token: string; connector?: string }) => ({
      type: 'remoteStart',
      idTag: token,
      connector,
      remoteStartId: newRequestId(),
    }),
  ),
  order(
    'remote-stop',
    'stop a charge',
    [new Argument('<transaction>', "the charge point's id of it")],
    [],
    ({ transaction }: { transaction: string }) => ({ type: 'remoteStop', transactionId: transaction }),
  ),
];

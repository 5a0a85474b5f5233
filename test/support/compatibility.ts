import { versions } from '../../ocpp-adapters/version-table.js';
import type { ChargePointCommand } from '../../src/domain/command.js';
import { coreCommands } from '../ocpp/1.6/core-commands.js';
import { moreCommands } from '../ocpp/1.6/more-commands.js';

/** Oldest first. */
const columns = [...versions].reverse();

/** One of each type of command, and of each shape that is another message. */
const commands: readonly ChargePointCommand[] = [
  ...[...coreCommands, ...moreCommands].map(({ command }) => command),
  { type: 'getConfiguration', keys: ['OCPPCommCtrlr.HeartbeatInterval'] },
  { type: 'changeConfiguration', key: 'OCPPCommCtrlr.HeartbeatInterval', value: '60' },
  { type: 'setDisplayMessage', id: 1, text: 'Hello' },
  { type: 'getDisplayMessages', requestId: 1 },
  { type: 'clearDisplayMessage', id: 1 },
  { type: 'getReport', requestId: 1 },
  { type: 'getTransactionStatus', transactionId: '7' },
  { type: 'costUpdated', transactionId: '7', totalCost: 1 },
];

/** Not commands of the operator API, or (`call`) of every message. */
const leftOut: ReadonlySet<ChargePointCommand['type']> = new Set(['call', 'setPassword', 'setSecurityProfile']);

/** The commands of src/domain/command.ts by the action that they become, in any version. */
function commandsByAction(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const version of columns) {
    for (const command of commands.filter(({ type }) => !leftOut.has(type))) {
      const prepared = version.request(command);
      if ('outcome' in prepared) continue;
      const types = found.get(prepared.action) ?? new Set();
      found.set(prepared.action, types.add(command.type));
    }
  }
  return found;
}

const sorted = (actions: Iterable<string>): readonly string[] => [...new Set(actions)].sort();

const NOT_IN_IT = '–';

function inboundRows(): string[][] {
  const actions = sorted(columns.flatMap(({ coverage }) => Object.keys(coverage.inbound)));
  return actions.map((action) => [action, ...columns.map(({ coverage }) => coverage.inbound[action] ?? NOT_IN_IT)]);
}

function outboundRows(): string[][] {
  const types = commandsByAction();
  const actions = sorted(columns.flatMap(({ coverage }) => coverage.outbound));
  return actions.map((action) => [
    action,
    ...columns.map(({ coverage }) => (coverage.outbound.includes(action) ? 'sent' : NOT_IN_IT)),
    [...(types.get(action) ?? ['call'])].map((type) => `\`${type}\``).join(', '),
  ]);
}

/** A Markdown table, its columns aligned as the formatter does. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** docs/compatibility.md: which messages of which OCPP version are spoken, from the versions' own tables. */
export function compatibility(): string {
  const names = columns.map(({ protocol }) => protocol.replace('ocpp', ''));
  return `# Compatibility

Every message of OCPP 1.6 with its security extension, 2.0.1 and 2.1, as the tables of \`ocpp-adapters/\` have it. This
file is written from them by \`UPDATE_DOCS=1 npm test\`, and a test fails when it is not what they say.

## What charge points call

\`handled\`: what it says has its effect, or is kept for the operator to see (\`roambridge charge-point show\`). \`refused\`: always answered with
a no in the standard's own words, such as \`UnknownVendorId\` or \`Rejected\`. \`with a provider\`: refused like that, unless a provider of ISO 15118
certificates is plugged in (\`Iso15118Provider\` in src/ports.ts). \`${NOT_IN_IT}\`: the version does not have it; it is answered with a CALLERROR, as any action
is that the version does not know or that only we may call.

${table(['message', ...names], inboundRows())}

## What we call

\`sent\`: checked against the version's schema and sent; the outcome says what the charge point answered. \`${NOT_IN_IT}\`: the version does not have
it; a command that needs it ends \`not-supported\`. The last column says which commands of
\`POST /api/charge-points/ID/commands\` become this message; all of them can also be written out with
\`roambridge charge-point call ID ACTION JSON\`.

${table(['message', ...names, 'command'], outboundRows())}
`;
}

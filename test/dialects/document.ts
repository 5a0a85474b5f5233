import { format, resolveConfig } from 'prettier';
import { tolerances as tolerances16 } from '../../ocpp-adapters/1.6/tolerances.js';
import { tolerances as tolerances2 } from '../../ocpp-adapters/2.0.1/tolerances.js';
import type { Tolerance } from '../../ocpp-adapters/validation.js';
import { dialects, type Dialect } from '../../src/domain/dialects.js';
import { catalogue } from './catalogue.js';
import type { Entry } from './entry.js';

export const DOCUMENT = 'docs/dialects.md';

const intro = `# Dialects

What charge points in the field do against the standard or against sense, and how Roambridge reads it. This file is
written from the tables in the code: \`UPDATE_DOCS=1 npm test\` writes it anew, and a test fails when it is not what the
tables say, or when an entry has no test.

Three kinds of rules:

- **Meaning**: rules that hold for every charge point and every OCPP version, in \`src/domain\` and \`src/app\`. Each is
  played to a whole bridge in \`test/dialects\`. What was odd about a session is in its \`anomalies\`.
- **Form**: how a message that breaks its schema is read nevertheless, in \`ocpp-adapters\`.
- **Models**: what no rule for all could tell, keyed by vendor, model and firmware.

By which rules a charge point had to be read, and since when, is in its \`deviations\` (\`GET /api/charge-points/<id>\`).

The principle: what is doubtful is not billed. One odd reading never counts by itself, nor does it stop later right ones
from counting; no session is ever lost.
`;

const models = `An operator's own entries are read from the file that the setting \`dialectsFile\` names; one of the same name takes the
place of ours:

\`\`\`yaml
- name: acme-kwh
  vendor: Acme # as in BootNotification, without case
  model: One # how the model begins; absent: any
  firmware: { from: '5.2', before: '5.3' } # inclusive, exclusive
  quirk: registers in kWh, called Wh
  reference: our own log of 2026-03-01
  registerExponent: 3 # registers are in units of so many powers of ten
  localTime: true # times are local ones of the location, whatever zone they say
\`\`\`
`;

/** The text of docs/dialects.md, as Prettier would have it. */
export async function renderDocument(): Promise<string> {
  const meaning = catalogue.map(({ name, entries }) => `### ${name}\n\n${table(entryColumns, entries)}`);
  const forms = [
    ['OCPP 1.6', tolerances16],
    ['OCPP 2.0.1 and 2.1', tolerances2],
  ] as const;
  const text = [
    intro,
    '## Meaning',
    ...meaning,
    '## Form',
    'All are recorded as deviations of the charge point; tested in `test/ocpp/tolerances.test.ts` and beside it.',
    ...forms.map(([name, tolerances]) => `### ${name}\n\n${table(toleranceColumns, tolerances)}`),
    '## Models',
    table(dialectColumns, dialects),
    models,
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' });
}

type Columns<T> = readonly (readonly [title: string, cell: (row: T) => string])[];

const code = (text: string): string => `\`${text}\``;

const entryColumns: Columns<Entry> = [
  ['Name', ({ name }) => code(name)],
  ['Seen', ({ seen }) => seen],
  ['Reported', ({ threads }) => threads.join(', ')],
  ['Rule', ({ rule }) => rule],
  ['Where', ({ where }) => code(where)],
  ['Recorded', ({ recorded = '' }) => recorded],
  ['Test', (entry) => ('test' in entry ? `${code(entry.test[0])}: ${entry.test[1]}` : 'its story')],
];

const toleranceColumns: Columns<Tolerance> = [
  ['Name', ({ name }) => code(name)],
  ['Seen', ({ seen }) => seen],
  ['Rule', ({ rule }) => rule],
];

const dialectColumns: Columns<Dialect> = [
  ['Name', ({ name }) => code(name)],
  ['Vendor', ({ vendor }) => vendor],
  ['Model', ({ model = 'any' }) => model],
  ['Firmware', ({ firmware }) => versions(firmware)],
  ['Quirk', ({ quirk }) => quirk],
  ['Reported', ({ reference }) => reference],
];

function versions(firmware: Dialect['firmware']): string {
  if (!firmware) return 'any';
  const { from, before } = firmware;
  return [from && `from ${from}`, before && `before ${before}`].filter(Boolean).join(', ');
}

function table<T>(columns: Columns<T>, rows: readonly T[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(columns.map(([title]) => title)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map(([, cell]) => cell(row)))),
  ].join('\n');
}

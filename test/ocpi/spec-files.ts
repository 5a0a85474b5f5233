import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The specification's data beside the repository; a developer may lack it, CI may not. */
const folder = fileURLToPath(new URL('../../../../shared/ocpi/', import.meta.url));

/** Why tests over the data are skipped; false when they run. */
export const skipWithoutData: string | false = existsSync(folder) ? false : missing();

function missing(): string {
  if (process.env['CI']) throw new Error(`the specification's data must be at ${folder} in CI`);
  return `no specification data at ${folder}`;
}

export const readSpecJson = (version: string, file: string): unknown =>
  JSON.parse(readFileSync(`${folder}examples/${version}/${file}`, 'utf8'));

/** The rows of a table, each by column name; of the version given only. */
export function readSpecTable(file: string, version: string): Record<string, string>[] {
  if (skipWithoutData) return [];
  const [head = '', ...lines] = readFileSync(`${folder}${file}`, 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  return lines
    .map((line) => line.split('\t'))
    .map((cells) => Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])))
    .filter((row) => row['version'] === version);
}

import { readSpecData, skipWithoutSpecData } from '../support/spec-data.js';

export const readSpecJson = (version: string, file: string): unknown =>
  JSON.parse(readSpecData(`examples/${version}/${file}`));

/** The rows of a table, each by column name; of the version given only, and none without the data. */
export function readSpecTable(file: string, version: string): Record<string, string>[] {
  if (skipWithoutSpecData !== false) return [];
  const [head = '', ...lines] = readSpecData(file).trimEnd().split('\n');
  const columns = head.split('\t');
  return lines
    .map((line) => line.split('\t'))
    .map((cells) => Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])))
    .filter((row) => row['version'] === version);
}

/** A column of a table: its head, and what it shows of a row. */
export type Column = readonly [head: string, path: string];

export const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** Rows as a table for people, or as they are for scripts. */
export function show(rows: readonly unknown[], columns: readonly Column[], asJson: boolean): void {
  if (asJson) {
    write(JSON.stringify(rows, null, 2));
    return;
  }
  if (rows.length === 0) {
    write('none');
    return;
  }
  const cells = rows.map((row) => columns.map(([, path]) => cell(row, path)));
  const widths = columns.map(([head], index) =>
    Math.max(head.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const format = (line: readonly string[]): string =>
    line
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  write(format(columns.map(([head]) => head)));
  for (const line of cells) write(format(line));
}

/** What a path like `place.evse.uid` finds; `evses.length` counts, and a list of objects shows its `uid=status`. */
function cell(row: unknown, path: string): string {
  const value = path.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), row);
  if (value === undefined || value === null) return '-';
  if (Array.isArray(value)) return value.map(label).join(' ');
  if (isObject(value))
    return Object.entries(value)
      .map(([name, inner]) => `${name}=${label(inner)}`)
      .join(' ');
  return label(value);
}

function label(value: unknown): string {
  if (isObject(value)) {
    const name = value['uid'] ?? value['identifier'] ?? value['party'] ?? '';
    return `${asText(name)}=${asText(value['status'] ?? value['state'] ?? value['role'] ?? '')}`;
  }
  return asText(value);
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

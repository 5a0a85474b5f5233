import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import { RefusedError } from './operator-client.js';
import { write } from './output.js';
import type { ClientOf, JsonOption } from './shared.js';

interface ImportOptions extends JsonOption {
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

/** Adds `import`. */
export function addImport(program: Command, client: ClientOf): void {
  program
    .command('import')
    .description('bring tariffs, locations and charge points in line with a site file (YAML or JSON)')
    .argument('<file>', 'site file')
    .option('--dry-run', 'say what would change, change nothing')
    .option('--prune', 'remove what is not in the file')
    .option('--json', 'as JSON')
    .action(async (file: string, { dryRun = false, prune = false, json = false }: ImportOptions) => {
      const query = new URLSearchParams({ dryRun: String(dryRun), prune: String(prune) }).toString();
      const report = await client().call('POST', `/api/import?${query}`, readSiteFile(file));
      if (json) write(JSON.stringify(report, null, 2));
      else showReport(report as ImportReport, dryRun);
    });
}

interface ImportReport {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly unchanged: number;
  readonly missing: readonly string[];
  readonly removed: readonly string[];
}

function showReport(report: ImportReport, dryRun: boolean): void {
  const lines = (what: string, items: readonly string[]): void =>
    items.forEach((item) => write(`${what.padEnd(8)} ${item}`));
  lines('create', report.created);
  lines('update', report.updated);
  lines('remove', report.removed);
  lines('missing', report.missing);
  write(`${report.unchanged} unchanged${dryRun ? '; dry run: nothing was changed' : ''}`);
  if (report.missing.length > 0) write('What is missing in the file was kept; --prune removes it.');
}

function readSiteFile(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new RefusedError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

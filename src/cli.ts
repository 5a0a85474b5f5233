#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { addOperatorCommands } from './cli/operate.js';
import { RefusedError, UnreachableError } from './cli/operator-client.js';
import { ConfigError, loadConfig } from './config.js';

/** Exit codes of the contract: done; failed; wrong usage or configuration; a needed server can't be reached. */
const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const program = new Command('roambridge')
  .description('OCPP-to-OCPI roaming bridge')
  .version(version)
  .option('-c, --config <file>', 'configuration file, YAML or JSON (also ROAMBRIDGE_CONFIG)')
  .exitOverride();

const configFile = (): string | undefined =>
  program.opts<{ config?: string }>().config ?? process.env['ROAMBRIDGE_CONFIG'];

program
  .command('start')
  .description('run the bridge')
  .action(async () => {
    const config = loadConfig(process.env, configFile());
    const { runUntilSignal } = await import('./main.js');
    await runUntilSignal(config);
  });

program
  .command('demo')
  .description('watch a roaming charge, with a simulated charge point and a simulated eMSP')
  .option('--once', 'end after the story')
  .action(async ({ once = false }: { once?: boolean }) => {
    const { runDemo } = await import('./demo/story.js');
    process.exitCode = (await runDemo({ once })) ? EXIT.done : EXIT.failed;
  });

addOperatorCommands(program, configFile);
throwInsteadOfExit(program);

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwInsteadOfExit);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof ConfigError) return EXIT.usage;
  return error instanceof UnreachableError ? EXIT.unreachable : EXIT.failed;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof RefusedError) && process.env['ROAMBRIDGE_LOG_LEVEL'] === 'debug')
    process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = exitCodeOf(error);
}

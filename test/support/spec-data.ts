import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Facts and examples of the OCPI specification, beside the repository. Tests run with the repository as working folder. */
const folder = join(process.cwd(), '../shared/ocpi');

/** Why tests that need the data are left out; false when they run. In CI they always run, and fail without it. */
export const skipWithoutSpecData: string | false =
  existsSync(folder) || process.env['CI'] === 'true' ? false : `the specification's data is not at ${folder}`;

export const readSpecData = (path: string): string => readFileSync(join(folder, path), 'utf8');

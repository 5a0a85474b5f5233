import Database from 'libsql';
import { DataFileError, reasonOf } from './errors.js';

/**
 * Keeps other processes off a data file for as long as this one lives: an exclusive transaction on an empty database
 * beside it, `<file>.lock`. The operating system ends it with the process, so a kill leaves nothing stale.
 * @returns what gives the lock up
 * @throws DataFileError when someone has it
 */
export function lockFile(file: string): () => void {
  const lock = new Database(`${file}.lock`);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new DataFileError(`${file} is in use by another process (${reasonOf(error)})`, { cause: error });
  }
  return () => {
    lock.exec('ROLLBACK');
    lock.close();
  };
}

/** A data file that can't be used: in use by another process, of a newer version, or no database at all. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError';
}

/** What a database error says, for a message of ours around it. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

import { readFileSync } from 'node:fs';
import axios, { isAxiosError } from 'axios';
import type { Config } from '../config.js';
import { operatorKeyFile, operatorUrlFile } from '../keys.js';

/** The bridge can't be reached: exit code 3. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The bridge said no, and why: exit code 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export interface OperatorClient {
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

/** Registrations call back and forth with a partner; everything else is quicker. */
const TIMEOUT_MS = 120_000;

/** The operator API of the bridge that runs on this data folder. */
export function createOperatorClient(config: Config): OperatorClient {
  const { dataDir } = config;
  const baseURL = readOr(operatorUrlFile(dataDir)) ?? `http://127.0.0.1:${config.operatorPort}`;
  const key = readOr(operatorKeyFile(dataDir));
  if (key === undefined) {
    throw new UnreachableError(
      `${operatorKeyFile(dataDir)} can't be read: has the bridge been started on this data folder?`,
    );
  }
  const client = axios.create({
    baseURL,
    timeout: TIMEOUT_MS,
    proxy: false,
    headers: { Authorization: `Bearer ${key}` },
  });

  return {
    async call(method, path, body) {
      try {
        return (await client.request<unknown>({ method, url: path, data: body })).data;
      } catch (error) {
        if (!isAxiosError<{ error?: string }>(error)) throw error;
        if (!error.response) throw new UnreachableError(`the bridge at ${baseURL} can't be reached: ${error.message}`);
        throw new RefusedError(error.response.data.error ?? `HTTP ${error.response.status}`);
      }
    },
  };
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

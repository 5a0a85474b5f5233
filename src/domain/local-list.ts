import type { LocalListEntry } from './command.js';
import { sha256 } from './ids.js';
import type { StoredToken, Token } from './token.js';

/** What was last sent to a charge point as its local authorization list, and how much it is known to take. */
export interface LocalListState {
  readonly version: number;
  readonly digest: string;
  readonly capacity: number;
}

/** idTags and parentIdTags of OCPP 1.6 end here (§7.28); longer ones are on no list. */
const MAX_ID_TAG = 20;

/** May a charge point that is offline accept this token by itself (OCPI 2.2.1 §12.3.8)? */
export const isForOfflineUse = ({ valid, whitelist }: Token): boolean => valid && whitelist !== 'NEVER';

/** The tokens for a charge point's list: those that permit offline use, most recently used here first. */
export function localListOf(tokens: readonly StoredToken[], capacity: number): readonly LocalListEntry[] {
  const used = tokens.filter(
    ({ token, lastUsedAt }) => lastUsedAt !== undefined && isForOfflineUse(token) && token.uid.length <= MAX_ID_TAG,
  );
  return [...used]
    .sort((a, b) => ((a.lastUsedAt ?? '') < (b.lastUsedAt ?? '') ? 1 : -1))
    .slice(0, capacity)
    .map(({ token }) => ({
      idTag: token.uid,
      status: 'Accepted',
      groupIdTag: token.group_id !== undefined && token.group_id.length <= MAX_ID_TAG ? token.group_id : undefined,
    }));
}

/** Two lists with the same digest are the same. */
export const digestOf = (entries: readonly LocalListEntry[]): string => sha256(JSON.stringify(entries));

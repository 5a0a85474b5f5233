import { isDeepStrictEqual } from 'node:util';
import type { ChargePoint } from '../domain/charge-point.js';
import { DomainError } from '../domain/errors.js';
import { keyOf } from '../domain/ids.js';
import { findEvse, type Location } from '../domain/location.js';
import type { Party } from '../domain/schema.js';
import { profileUnlessSaid } from '../domain/security.js';
import {
  fresh,
  indexSite,
  locationOf,
  merged,
  sameBut,
  siteProblems,
  withRemoved,
  type Site,
  type SiteChargePoint,
} from '../domain/site.js';
import type { Tariff } from '../domain/tariff.js';
import type { ChargePointLink, Clock, Kind, Kinds, Logger, Store } from '../ports.js';
import type { ChargePoints } from './charge-points.js';
import type { Documents } from './documents.js';
import type { Outbox } from './outbox.js';
import { hashPassword, type PasswordChecker } from './passwords.js';

export type SiteItem = `${'tariff' | 'location' | 'evse' | 'charge point'} ${string}`;

/** What an import did, or would do. `missing` is known here but not in the file; `removed` was, and now is gone. */
export interface ImportReport {
  readonly created: readonly SiteItem[];
  readonly updated: readonly SiteItem[];
  readonly unchanged: number;
  readonly missing: readonly SiteItem[];
  readonly removed: readonly SiteItem[];
}

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly outbox: Outbox;
  readonly chargePoints: Pick<ChargePoints, 'refreshStatus'>;
  readonly chargePointLink: Pick<ChargePointLink, 'disconnect'>;
  readonly passwords: PasswordChecker;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly party: Party;
}

export interface ImportOptions {
  readonly dryRun: boolean;
  readonly prune: boolean;
}

type ImportSite = (site: Site, options: ImportOptions) => Promise<ImportReport>;

/**
 * Brings the store in line with a site file; a second run changes nothing.
 * @throws DomainError `invalid-input` listing what contradicts itself; nothing is changed then
 */
export function createImportSite(deps: Deps): ImportSite {
  const { store, documents, outbox, chargePoints, chargePointLink, passwords, clock, logger, party } = deps;

  return async (site, { dryRun, prune }) => {
    const index = indexSite(site);
    const problems = siteProblems(site, index, party);
    if (problems.length > 0) throw new DomainError('invalid-input', problems.join('\n'), { problems });
    const report = {
      created: [] as SiteItem[],
      updated: [] as SiteItem[],
      unchanged: 0,
      missing: [] as SiteItem[],
      removed: [] as SiteItem[],
    };

    /** Counts a difference and, unless it is a dry run, saves it. Returns the document's number of the change. */
    async function put<K extends Kind>(
      item: SiteItem,
      kind: K,
      id: string,
      decide: (current: Kinds[K] | undefined) => Kinds[K],
    ): Promise<number | undefined> {
      const current = (await store.get(kind, id))?.body;
      if (decide(current) === current) {
        report.unchanged += 1;
        return undefined;
      }
      report[current === undefined ? 'created' : 'updated'].push(item);
      if (dryRun) return undefined;
      const saved = await documents.change(kind, id, decide);
      return saved?.change;
    }

    async function putTariff(tariff: Tariff): Promise<void> {
      const id = keyOf(tariff.id);
      const change = await put(`tariff ${tariff.id}`, 'tariff', id, (current) => {
        if (current && !current.removed && sameBut(current.tariff, tariff)) return current;
        return { tariff: { ...tariff, last_updated: clock.now() }, removed: false };
      });
      if (change !== undefined) outbox.published({ kind: 'tariff', id, change });
    }

    async function putLocation(location: Location): Promise<void> {
      const id = keyOf(location.id);
      const now = clock.now();
      const change = await put(`location ${location.id}`, 'location', id, (current) =>
        current ? merged(current, location, now) : fresh(location, index, now),
      );
      if (change !== undefined) outbox.published({ kind: 'location', id, change });
    }

    async function putChargePoint(wanted: SiteChargePoint): Promise<void> {
      const id = keyOf(wanted.id);
      const stored = (await store.get('chargePoint', id))?.body;
      const passwordHash = await hashFor(wanted, stored);
      const locationId = locationOf(wanted, index)?.id;
      const change = await put(`charge point ${wanted.id}`, 'chargePoint', id, (current) => {
        const next: ChargePoint = {
          ...(current ?? { id: wanted.id, connectors: {}, grants: [] }),
          passwordHash,
          ...(current?.security && {
            security: {
              ...current.security,
              // a password of the file is the only one; one that is on its way stays so while the file says the same
              ...(passwordHash !== current.passwordHash && { nextPasswordHashes: undefined }),
            },
          }),
          securityProfile:
            wanted.securityProfile ?? profileUnlessSaid(current?.securityProfile, passwordHash !== undefined),
          registration: wanted.registration ?? 'Accepted',
          locationId,
          evses: wanted.evses,
          placeholder: undefined,
        };
        return current && isDeepStrictEqual(withoutUndefined(current), withoutUndefined(next)) ? current : next;
      });
      if (change === undefined) return;
      await forgetUnknown(id);
      const saved = await store.get('chargePoint', id);
      if (saved) await chargePoints.refreshStatus(saved.body);
      if (stored && stored.passwordHash !== passwordHash) chargePointLink.disconnect(wanted.id, 'its password changed');
    }

    async function hashFor(wanted: SiteChargePoint, stored: ChargePoint | undefined): Promise<string | undefined> {
      // no password in the file leaves one that was set otherwise
      if (wanted.password === undefined) return stored?.passwordHash;
      const unchanged =
        stored?.passwordHash !== undefined && (await passwords.check(wanted.password, stored.passwordHash));
      return unchanged ? stored.passwordHash : hashPassword(wanted.password);
    }

    async function forgetUnknown(id: string): Promise<void> {
      const listed = await store.get('unknownChargePoint', id);
      if (listed) await store.remove('unknownChargePoint', id, listed.revision);
    }

    /** What is here but not in the file is reported; with `prune` it goes, an EVSE to status REMOVED. */
    async function handleMissing(): Promise<void> {
      for (const { id, body } of await store.find('tariff', { where: { listed: '1' } })) {
        if (index.tariffs.has(id)) continue;
        missing(`tariff ${body.tariff.id}`);
        if (!prune || dryRun) continue;
        const saved = await documents.change('tariff', id, (current) => current && { ...current, removed: true });
        if (saved) outbox.published({ kind: 'tariff', id, change: saved.change });
      }
      for (const { id, body } of await store.find('location')) {
        const described = index.locations.get(id);
        const gone = (body.evses ?? []).filter(
          (evse) => evse.status !== 'REMOVED' && !(described && findEvse(described, evse.uid)),
        );
        gone.forEach((evse) => missing(`evse ${evse.uid}`));
        if (!described && gone.length === (body.evses ?? []).length) missing(`location ${body.id}`);
        if (!prune || dryRun || gone.length === 0) continue;
        const saved = await documents.change(
          'location',
          id,
          (current) => current && withRemoved(current, gone, clock.now()),
        );
        if (saved) outbox.published({ kind: 'location', id, change: saved.change });
      }
      for (const { id, body, revision } of await store.find('chargePoint')) {
        if (index.chargePoints.has(id)) continue;
        missing(`charge point ${body.id}`);
        if (!prune || dryRun) continue;
        await store.remove('chargePoint', id, revision);
        chargePointLink.disconnect(body.id, 'it was removed');
      }
    }

    const missing = (item: SiteItem): void => void report[prune ? 'removed' : 'missing'].push(item);

    await inBatches(site.tariffs, putTariff);
    await inBatches(site.locations, putLocation);
    await inBatches(site.chargePoints, putChargePoint);
    await handleMissing();
    logger.info({ dryRun, created: report.created.length, updated: report.updated.length }, 'site imported');
    return report;
  };
}

/** Saves that are asked for together share a commit. */
async function inBatches<T>(items: readonly T[], put: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += BATCH) await Promise.all(items.slice(from, from + BATCH).map(put));
}

const BATCH = 200;

const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

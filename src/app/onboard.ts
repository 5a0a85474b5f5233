import { randomBytes } from 'node:crypto';
import type { DeliveryPolicy } from '../domain/delivery.js';
import { DomainError } from '../domain/errors.js';
import { newId, sha256 } from '../domain/ids.js';
import { isConnected, type Partner, type PartnerConnection, type PartnerRole } from '../domain/partner.js';
import { sameParty } from '../domain/schema.js';
import type { Clock, Credentials, Discovery, Handshake, Logger, Store, Vault } from '../ports.js';
import type { Documents } from './documents.js';
import type { Outbox } from './outbox.js';
import type { PartnerRequests, RegistrationRequests } from './partner-requests.js';
import type { TokenSync } from './tokens.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly handshake: Handshake;
  readonly vault: Vault;
  readonly outbox: Outbox;
  readonly tokenSync: TokenSync;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Our versions endpoint, as partners reach it. */
  readonly versionsUrl: string;
  readonly roles: readonly PartnerRole[];
}

export interface Invitation {
  readonly partnerId: string;
  readonly tokenA: string;
  readonly versionsUrl: string;
}

export interface Onboarding {
  /** A TOKEN_A for a partner that will register with us. */
  invite(name: string, policy: DeliveryPolicy): Promise<Invitation>;
  /**
   * Registers with a partner that gave us its TOKEN_A.
   * @throws DomainError as {@link Handshake} does; no partner is left behind then
   */
  register(request: { name: string; versionsUrl: string; token: string; policy: DeliveryPolicy }): Promise<Partner>;
  /** Ends the registration on both sides; a partner that can't be reached is ended here all the same. */
  unregister(partnerId: string): Promise<void>;
  readonly authenticate: PartnerRequests['authenticate'];
  readonly requests: RegistrationRequests;
}

/** 256 bits in URL-safe characters: within U+0021 to U+007E and 64 characters (OCPI 2.2.1 §7.3.1). */
const newToken = (): string => randomBytes(32).toString('base64url');

/** Registrations, both ways round (OCPI 2.2.1 §7.1). */
export function createOnboarding(deps: Deps): Onboarding {
  const { store, documents, handshake, vault, outbox, tokenSync, clock, logger, versionsUrl, roles } = deps;

  const ours = (token: string): Credentials => ({ token, versionsUrl, roles });

  const connectionOf = (found: Discovery, theirs: Credentials): PartnerConnection => ({
    version: found.version,
    versionsUrl: theirs.versionsUrl,
    sealedToken: vault.seal(theirs.token),
    tokenEncoding: found.tokenEncoding,
    endpoints: found.endpoints,
    roles: theirs.roles,
    hubPartyId: theirs.hubPartyId,
  });

  /** Two partners that speak for one party could take each other's tokens and bills. */
  async function assertPartiesAreFree(partner: Partner, theirs: Credentials): Promise<void> {
    for (const { body: other } of await store.find('partner')) {
      if (other.id === partner.id || !isConnected(other)) continue;
      const taken = theirs.roles.find((role) =>
        other.connection.roles.some((theirRole) => theirRole.role === role.role && sameParty(theirRole, role)),
      );
      if (taken) {
        throw new DomainError(
          'invalid-input',
          `${taken.role} ${taken.countryCode}/${taken.partyId} is registered by another partner`,
        );
      }
    }
  }

  async function connect(id: string, connection: PartnerConnection, tokenHash: string): Promise<Partner> {
    const now = clock.now();
    const changed = await documents.change(
      'partner',
      id,
      (current) =>
        current && {
          ...current,
          status: 'registered',
          connection,
          tokenHash,
          registeredAt: current.registeredAt ?? now,
        },
    );
    if (!changed) throw new DomainError('unknown-partner', 'the partner was removed meanwhile');
    logger.info({ partner: id, name: changed.body.name, version: connection.version }, 'partner registered');
    return changed.body;
  }

  /** What a new partner must get, and what we must know of it. Runs on after the answer. */
  function welcome(partner: Partner): void {
    outbox
      .partnerJoined(partner.id)
      .catch((error: unknown) => logger.error({ partner: partner.id, err: error }, 'first push could not be queued'));
    void tokenSync.pull(partner);
  }

  async function end(partner: Partner): Promise<void> {
    await documents.change(
      'partner',
      partner.id,
      (current) =>
        current && {
          ...current,
          status: 'unregistered',
          tokenHash: undefined,
          connection: undefined,
          registeredAt: undefined,
          tokensPulledTo: undefined,
        },
    );
    await forgetPublished(partner.id);
    logger.info({ partner: partner.id, name: partner.name }, 'partner unregistered');
  }

  /** It then has nothing of what is published, and nothing waits for it. */
  async function forgetPublished(partnerId: string): Promise<void> {
    await documents.change('watermark', partnerId, (current) => current && { ...current, watermark: 0, parked: [] });
    outbox.partnerLeft(partnerId);
  }

  async function accept(partner: Partner, version: string, theirs: Credentials): Promise<Credentials> {
    await assertPartiesAreFree(partner, theirs);
    const found = await handshake.discover(theirs.versionsUrl, theirs.token, version);
    const token = newToken();
    const connected = await connect(partner.id, connectionOf(found, theirs), sha256(token));
    // in another version all objects read differently, so that it gets them anew
    if (partner.connection && partner.connection.version !== found.version) await forgetPublished(partner.id);
    welcome(connected);
    return ours(token);
  }

  const requests: RegistrationRequests = {
    credentials: (_partner, current) => ours(current),
    async register(partner, version, theirs) {
      if (partner.status === 'registered') throw new DomainError('already-registered', 'use PUT to update');
      return accept(partner, version, theirs);
    },
    async update(partner, version, theirs) {
      if (partner.status !== 'registered') throw new DomainError('not-registered', 'use POST to register');
      return accept(partner, version, theirs);
    },
    async unregister(partner) {
      if (partner.status !== 'registered') throw new DomainError('not-registered', 'there is no registration to end');
      await end(partner);
    },
  };

  const newPartner = (name: string, policy: DeliveryPolicy, token: string): Partner => ({
    id: newId().slice(0, 12),
    name,
    status: 'invited',
    policy,
    tokenHash: sha256(token),
    createdAt: clock.now(),
  });

  return {
    async invite(name, policy) {
      const token = newToken();
      const partner = newPartner(name, policy, token);
      await store.save('partner', { id: partner.id, revision: 0, body: partner });
      logger.info({ partner: partner.id, name }, 'partner invited');
      return { partnerId: partner.id, tokenA: token, versionsUrl };
    },

    async register({ name, versionsUrl: theirVersionsUrl, token: tokenA, policy }) {
      const tokenB = newToken();
      const partner = newPartner(name, policy, tokenB);
      // B must work before we post it: the partner calls back with it while our POST is open
      await store.save('partner', { id: partner.id, revision: 0, body: partner });
      try {
        const found = await handshake.discover(theirVersionsUrl, tokenA);
        const theirs = await handshake.post(found, tokenA, ours(tokenB));
        await assertPartiesAreFree(partner, theirs);
        const connected = await connect(partner.id, connectionOf(found, theirs), sha256(tokenB));
        welcome(connected);
        return connected;
      } catch (error) {
        const saved = await store.get('partner', partner.id);
        if (saved) await store.remove('partner', partner.id, saved.revision);
        throw error;
      }
    },

    async unregister(partnerId) {
      const partner = (await store.get('partner', partnerId))?.body;
      if (!partner) throw new DomainError('unknown-partner', `there is no partner ${partnerId}`);
      if (isConnected(partner)) {
        await handshake.delete(partner.connection).catch((error: unknown) => {
          logger.warn({ partner: partnerId, err: error }, 'the partner could not be told that its registration ends');
        });
      }
      await end(partner);
    },

    async authenticate(token) {
      // looking a digest up tells nothing about the token that a clock could measure
      const [found] = await store.find('partner', { where: { tokenHash: sha256(token) }, limit: 1 });
      return found?.body;
    },

    requests,
  };
}

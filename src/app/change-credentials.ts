import type { ChargePoint } from '../domain/charge-point.js';
import type { CommandOutcome } from '../domain/command.js';
import { DomainError } from '../domain/errors.js';
import { keyOf } from '../domain/ids.js';
import {
  leastProfile,
  withNextPassword,
  withoutNextPassword,
  withPassword,
  withProfile,
  type SecurityProfile,
} from '../domain/security.js';
import type { ChargePointLink, Logger, Store } from '../ports.js';
import type { Documents } from './documents.js';
import { generatePassword, hashPassword } from './passwords.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly chargePointLink: ChargePointLink;
  readonly logger: Logger;
}

/** `told`: how telling the charge point ended; absent: it wasn't told. */
export interface ProfileChange {
  readonly securityProfile: SecurityProfile;
  readonly told?: CommandOutcome['status'] | undefined;
}

/** Changes what a charge point has to show, while it is connected or not. @throws DomainError `unknown-charge-point` */
export interface ChangeCredentials {
  /**
   * Sets a password, or makes one; it is shown this once. A charge point that is connected is told first (OCPP 1.6
   * security whitepaper A01, OCPP 2.0.1 §A01): both passwords are good until it comes back with the new one. One that
   * can't be told has to be given it by hand: only the new one is good at once.
   * @throws DomainError `not-supported` when the charge point refuses it; nothing is changed then
   */
  setPassword(chargePointId: string, password: string | undefined): Promise<string>;
  /**
   * Sets the lowest security profile that is let in. A charge point that is connected is asked to rise to it, and until
   * it has, comes in as before; one that can't be asked has to be set by hand, and comes in with it only.
   * @throws DomainError `invalid-input` for a profile that needs a password when there is none; `not-supported` when the
   * charge point refuses to rise; nothing is changed then
   */
  setSecurityProfile(chargePointId: string, profile: SecurityProfile): Promise<ProfileChange>;
}

/**
 * What is known after telling a charge point: `yes` it has it; `no` it won't have it; `never` it couldn't be told;
 * `perhaps` it has it or will.
 */
const told = {
  accepted: 'yes',
  scheduled: 'perhaps',
  rejected: 'no',
  occupied: 'no',
  inoperative: 'no',
  'not-supported': 'never',
  offline: 'perhaps',
  timeout: 'perhaps',
  failed: 'never',
  invalid: 'never',
} as const satisfies Record<CommandOutcome['status'], 'yes' | 'no' | 'never' | 'perhaps'>;

export function createChangeCredentials({ store, documents, chargePointLink, logger }: Deps): ChangeCredentials {
  async function known(id: string): Promise<ChargePoint> {
    const found = await store.get('chargePoint', keyOf(id));
    if (found) return found.body;
    throw new DomainError('unknown-charge-point', `there is no charge point ${id}`);
  }

  const change = (id: string, decide: (current: ChargePoint) => ChargePoint) =>
    documents.change('chargePoint', keyOf(id), (current) => current && decide(current));

  const refused = (what: string, { message }: CommandOutcome): DomainError =>
    new DomainError(
      'not-supported',
      `the charge point refuses the ${what}${message === undefined ? '' : `: ${message}`}`,
    );

  async function replacePassword(id: string, hash: string): Promise<void> {
    await change(id, (current) => withPassword(current, hash));
    logger.info({ chargePoint: id }, 'password set');
    chargePointLink.disconnect(id, 'its password changed');
  }

  async function tellPassword(id: string, password: string, hash: string): Promise<void> {
    // before it is told, as that may be the last thing that we do
    const before = await change(id, (current) =>
      current.passwordHash === undefined ? current : withNextPassword(current, hash),
    );
    const outcome = await chargePointLink.send(id, { type: 'setPassword', password });
    logger.info({ chargePoint: id, status: outcome.status }, 'charge point was told a new password');
    const knows = told[outcome.status];
    if (knows === 'no') {
      await change(id, (current) => withoutNextPassword(current, hash));
      throw refused('new password', outcome);
    }
    // without a password before, there is none that would be good beside it
    if (knows === 'never' || before?.body.passwordHash === undefined) await replacePassword(id, hash);
    else if (knows === 'yes') chargePointLink.disconnect(id, 'its password changed');
  }

  return {
    async setPassword(id, given) {
      await known(id);
      const { password, hash } =
        given === undefined ? generatePassword() : { password: given, hash: await hashPassword(given) };
      if (chargePointLink.isConnected(id)) await tellPassword(id, password, hash);
      else await replacePassword(id, hash);
      return password;
    },

    async setSecurityProfile(id, profile) {
      const chargePoint = await known(id);
      if (profile !== 0 && profile !== 3 && chargePoint.passwordHash === undefined) {
        throw new DomainError('invalid-input', `security profile ${profile} needs a password: set one first`);
      }
      const rises = profile > leastProfile(chargePoint);
      const outcome =
        profile !== 0 && chargePointLink.isConnected(id)
          ? await chargePointLink.send(id, { type: 'setSecurityProfile', profile })
          : undefined;
      const knows = outcome && told[outcome.status];
      if (rises && outcome && knows === 'no') throw refused('security profile', outcome);
      const onItsWay = knows === 'yes' || knows === 'perhaps';
      await change(id, (current) => withProfile(current, profile, onItsWay));
      logger.info({ chargePoint: id, securityProfile: profile, told: outcome?.status }, 'security profile set');
      // whatever profile it has now is not looked at again before it comes back
      if (rises && !onItsWay) chargePointLink.disconnect(id, 'its security profile changed');
      return { securityProfile: profile, told: outcome?.status };
    },
  };
}

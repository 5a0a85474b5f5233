import type { ChargePointCommand, CommandOutcome } from '../domain/command.js';
import { DomainError } from '../domain/errors.js';
import { keyOf } from '../domain/ids.js';
import type { ChargePointLink, Logger, Store } from '../ports.js';
import type { Documents } from './documents.js';
import { generatePassword, hashPassword } from './passwords.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly chargePointLink: ChargePointLink;
  readonly logger: Logger;
}

/** What the operator does to one charge point. @throws DomainError `unknown-charge-point` */
export interface OperateChargePoint {
  /** Sets a password, or makes one; it is shown this once. The charge point has to connect anew with it. */
  setPassword(chargePointId: string, password: string | undefined): Promise<string>;
  run(chargePointId: string, command: ChargePointCommand): Promise<CommandOutcome>;
}

export function createOperate({ store, documents, chargePointLink, logger }: Deps): OperateChargePoint {
  async function assertKnown(id: string): Promise<void> {
    if (await store.get('chargePoint', keyOf(id))) return;
    throw new DomainError('unknown-charge-point', `there is no charge point ${id}`);
  }

  return {
    async setPassword(id, given) {
      await assertKnown(id);
      const password = given ?? generatePassword();
      const passwordHash = await hashPassword(password);
      await documents.change(
        'chargePoint',
        keyOf(id),
        (current) =>
          current && {
            ...current,
            passwordHash,
            securityProfile: current.securityProfile === 0 ? 1 : current.securityProfile,
          },
      );
      logger.info({ chargePoint: id }, 'password set');
      chargePointLink.disconnect(id, 'its password changed');
      return password;
    },
    async run(id, command) {
      await assertKnown(id);
      const outcome = await chargePointLink.send(id, command);
      logger.info({ chargePoint: id, command: command.type, status: outcome.status }, 'operator command');
      return outcome;
    },
  };
}

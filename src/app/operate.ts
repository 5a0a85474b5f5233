import type { ChargePointCommand, CommandOutcome } from '../domain/command.js';
import { DomainError } from '../domain/errors.js';
import { keyOf } from '../domain/ids.js';
import type { ChargePointLink, Logger, Store } from '../ports.js';
import { createChangeCredentials, type ChangeCredentials } from './change-credentials.js';
import type { Documents } from './documents.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly chargePointLink: ChargePointLink;
  readonly logger: Logger;
}

/** What the operator does to one charge point. @throws DomainError `unknown-charge-point` */
export interface OperateChargePoint extends ChangeCredentials {
  run(chargePointId: string, command: ChargePointCommand): Promise<CommandOutcome>;
}

export function createOperate({ store, documents, chargePointLink, logger }: Deps): OperateChargePoint {
  async function assertKnown(id: string): Promise<void> {
    if (await store.get('chargePoint', keyOf(id))) return;
    throw new DomainError('unknown-charge-point', `there is no charge point ${id}`);
  }

  return {
    ...createChangeCredentials({ store, documents, chargePointLink, logger }),
    async run(id, command) {
      await assertKnown(id);
      const outcome = await chargePointLink.send(id, command);
      logger.info({ chargePoint: id, command: command.type, status: outcome.status }, 'operator command');
      return outcome;
    },
  };
}

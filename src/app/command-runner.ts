import { commandResultOf, type ChargePointCommand, type CommandResultType } from '../domain/command.js';
import type { Partner } from '../domain/partner.js';
import type { ChargePointLink, Clock, Logger, PartnerLink } from '../ports.js';
import type { CommandReply } from './partner-requests.js';

interface Deps {
  readonly chargePointLink: ChargePointLink;
  readonly partnerLink: PartnerLink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** s within which the result of a command is posted. */
  readonly timeoutS: number;
}

/** A partner's command, from the answer at once to the result that is posted later (OCPI 2.2.1 §13.1). */
export interface CommandRunner {
  reply(result: CommandReply['result'], message?: string): CommandReply;
  /** Runs on after the answer; how it ends is posted once, without retries. */
  runLater(partner: Partner, responseUrl: string, command: string, work: () => Promise<CommandResultType>): void;
  ask(chargePointId: string, command: ChargePointCommand): Promise<CommandResultType>;
  /** Resolves when no result is outstanding. */
  settled(): Promise<void>;
}

export function createCommandRunner(deps: Deps): CommandRunner {
  const { chargePointLink, partnerLink, clock, logger, timeoutS } = deps;
  const outstanding = new Set<Promise<void>>();

  function inTime(work: Promise<CommandResultType>): Promise<CommandResultType> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(timeoutS * 1000, () => resolve('TIMEOUT'));
      work.finally(cancel).then(resolve, reject);
    });
  }

  return {
    reply: (result, message) => ({ result, timeoutS, message }),

    runLater(partner, responseUrl, command, work) {
      const run = async (): Promise<void> => {
        const result = await inTime(work()).catch((error: unknown) => {
          logger.error({ partner: partner.id, command, err: error }, 'command failed');
          return 'FAILED' as const;
        });
        logger.info({ partner: partner.id, command, result }, 'command result');
        await partnerLink.postCommandResult(partner, responseUrl, result);
      };
      const tracked = run()
        .catch((error: unknown) =>
          logger.warn({ partner: partner.id, command, err: error }, 'command result not posted'),
        )
        .finally(() => outstanding.delete(tracked));
      outstanding.add(tracked);
    },

    async ask(chargePointId, command) {
      return commandResultOf(await chargePointLink.send(chargePointId, command));
    },

    async settled() {
      await Promise.all(outstanding);
    },
  };
}

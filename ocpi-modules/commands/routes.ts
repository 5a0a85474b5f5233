import type { CommandReply, CommandRequests } from '../../src/app/partner-requests.js';
import { DomainError } from '../../src/domain/errors.js';
import { receivingParty, type Partner } from '../../src/domain/partner.js';
import type { CommandRequest } from '../codec.js';
import { notFound, statusCode } from '../envelope.js';
import { param, type ServedModule } from '../module.js';
import { checkUrl, isPartnersHost } from '../url-guard.js';

/** Commands, Receiver (OCPI 2.2.1 §13.2.1). The answer says only whether we took the command (SUBTLE 76). */
export const commandsModule: ServedModule = {
  identifier: 'commands',
  role: 'RECEIVER',
  functional: true,
  routes: ({ requests, codec: { commands }, urlPolicy }) => [
    {
      method: 'POST',
      path: '/:command',
      async handle(request) {
        const owner = receivingParty(request.partner);
        if (!owner) throw new DomainError('invalid-input', 'no party is registered');
        const asked = commands.fromWire(param(request, 'command'), request.body, owner);
        if (!asked) return notFound('there is no such command', statusCode.invalidParameters);
        const responseUrl = checkUrl(asked.request.responseUrl, urlPolicy);
        if (!isPartnersHost(request.partner, responseUrl)) {
          throw new DomainError('invalid-input', 'response_url is on none of the hosts that you registered with');
        }
        try {
          return { data: commands.replyToWire(await run(requests.commands, request.partner, asked)) };
        } catch (error) {
          if (!isUnknownPlace(error)) throw error;
          // SUBTLE 77
          const data = commands.replyToWire({ result: 'REJECTED', timeoutS: 0, message: error.message });
          return { code: statusCode.unknownLocation, message: error.message, data };
        }
      },
    },
  ],
};

async function run(to: CommandRequests, partner: Partner, asked: CommandRequest): Promise<CommandReply> {
  switch (asked.command) {
    case 'startSession':
      return to.startSession(partner, asked.request);
    case 'stopSession':
      return to.stopSession(partner, asked.request);
    case 'unlockConnector':
      return to.unlockConnector(partner, asked.request);
    case 'reserveNow':
      return to.reserveNow(partner, asked.request);
    case 'cancelReservation':
      return to.cancelReservation(partner, asked.request);
  }
}

const isUnknownPlace = (error: unknown): error is DomainError =>
  error instanceof DomainError && (error.code === 'unknown-location' || error.code === 'unknown-evse');

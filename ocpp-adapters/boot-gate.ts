import type { RegistrationStatus } from '../src/domain/charge-point.js';
import type { ChargePointCommand } from '../src/domain/command.js';

/**
 * Where a connection stands with booting. `registration` is what a boot on this very connection was answered;
 * `bootsOpen` counts boots that came in and have no answer yet. `settled`: it has booted on an earlier connection and
 * has shown, or had time to show, that it will not boot again on this one.
 */
export interface BootState {
  readonly registration: RegistrationStatus | undefined;
  readonly bootsOpen: number;
  readonly settled: boolean;
}

/**
 * May this be asked of the charge point now? Not before the answer to its boot, not at all while it is Rejected, and
 * while it is Pending only what configures it (OCPP 1.6 §4.2.1).
 */
export function mayAsk(
  state: BootState,
  type: ChargePointCommand['type'],
  whilePending: ReadonlySet<ChargePointCommand['type']>,
): boolean {
  if (state.bootsOpen > 0) return false;
  switch (state.registration) {
    case 'Accepted':
      return true;
    case 'Pending':
      return whilePending.has(type);
    case 'Rejected':
      return false;
    case undefined:
      return state.settled;
  }
}

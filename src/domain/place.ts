import type { Connector, Evse, Location } from './location.js';

/** Where the charge took place, as it was at its start (OCPI 2.2.1 §10.4.2 CdrLocation). */
export interface Place {
  readonly location: Pick<
    Location,
    | 'id'
    | 'name'
    | 'address'
    | 'city'
    | 'postal_code'
    | 'state'
    | 'country'
    | 'coordinates'
    | 'parking_type'
    | 'time_zone'
  >;
  readonly evse: Pick<Evse, 'uid' | 'evse_id'>;
  /** Volts and amperes are not known of places that were kept before they were kept with them. */
  readonly connector: Pick<Connector, 'id' | 'standard' | 'format' | 'power_type'> &
    Partial<Pick<Connector, 'max_voltage' | 'max_amperage'>>;
}

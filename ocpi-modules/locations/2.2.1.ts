import { z } from 'zod';
import {
  capabilities,
  connector as canonicalConnector,
  connectorTypes as canonicalConnectorTypes,
  facilities,
  parkingRestrictions as canonicalParkingRestrictions,
  parkingTypes,
  publishTokenType as canonicalPublishTokenType,
  type Connector,
  type Evse,
  type Location,
} from '../../src/domain/location.js';
import { listOf, nonEmptyListOf, optional, text } from '../../src/domain/schema.js';
import { cut, knownOnly, withLosses, type Loss, type LossNote } from '../loss.js';
import {
  businessDetails,
  businessDetailsToWire,
  energyMix,
  energyMixToWire,
  image,
  imageToWire,
  tokenType,
  tokenTypeToWire,
} from '../types/2.2.1.js';
import { evse as evse230, location as location230, locationsCodec, locationToWire } from './2.3.0.js';

/** Locations of OCPI 2.2.1 §8.3, as differences from 2.3.0. Enums are closed here. */

export const ADDRESS_LENGTH = 45;
export const STATE_LENGTH = 20;

type WithoutNew<T extends string> = Exclude<T, 'MCS' | 'SAE_J3400' | 'EMPLOYEES' | 'TAXIS' | 'TENANTS'>;
const newIn23 = ['MCS', 'SAE_J3400', 'EMPLOYEES', 'TAXIS', 'TENANTS'];
const known221 = <T extends string>(values: readonly T[]): WithoutNew<T>[] =>
  values.filter((value): value is WithoutNew<T> => !newIn23.includes(value));

const connectorTypes = known221(canonicalConnectorTypes);
const parkingRestrictions = known221(canonicalParkingRestrictions);

export const connectorType = z.enum(connectorTypes);

const publishTokenType = canonicalPublishTokenType.extend({ type: optional(tokenType) });

export const connector = canonicalConnector.omit({ capabilities: true }).extend({ standard: connectorType });

export const evse = evse230.omit({ parking: true, accepted_service_providers: true }).extend({
  capabilities: listOf(z.enum(capabilities)),
  connectors: nonEmptyListOf(connector),
  parking_restrictions: listOf(z.enum(parkingRestrictions)),
  images: listOf(image),
});

export const location = location230.omit({ help_phone: true, parking_places: true }).extend({
  publish_allowed_to: listOf(publishTokenType),
  address: text(ADDRESS_LENGTH),
  state: optional(text(STATE_LENGTH)),
  parking_type: optional(z.enum(parkingTypes)),
  evses: listOf(evse),
  operator: optional(businessDetails),
  suboperator: optional(businessDetails),
  owner: optional(businessDetails),
  facilities: listOf(z.enum(facilities)),
  images: listOf(image),
  energy_mix: optional(energyMix),
});

/** SAE J3400 is Tesla's plug made a standard, so that is what older partners know it as. */
function connectorTypeToWire(standard: string): z.infer<typeof connectorType> | undefined {
  return standard === 'SAE_J3400' ? 'TESLA_S' : connectorTypes.find((known) => known === standard);
}

/** A CDR must name a plug, also where 2.2.1 has none for it: then the usual one for the kind of current. */
export const connectorTypeForCdr = (of: Pick<Connector, 'standard' | 'power_type'>): z.infer<typeof connectorType> =>
  connectorTypeToWire(of.standard) ?? (of.power_type === 'DC' ? 'IEC_62196_T2_COMBO' : 'IEC_62196_T2');

const connectorLosses: readonly Loss<Connector>[] = [
  {
    field: 'Connector.capabilities',
    rule: 'dropped',
    apply: (of) => ({ ...of, capabilities: undefined }),
  },
  {
    field: 'Connector.standard',
    rule: 'SAE_J3400 becomes TESLA_S; a connector of another type that 2.2.1 does not know is left out',
    apply: (of) => ({ ...of, standard: connectorTypeToWire(of.standard) ?? of.standard }),
  },
];

const evseLosses: readonly Loss<Evse>[] = [
  {
    field: 'EVSE.connectors',
    rule: 'those of unknown types are left out, and an EVSE without any other with them',
    apply: (of) => ({
      ...of,
      connectors: of.connectors
        .map((each) => withLosses(each, connectorLosses))
        .filter(({ standard }) => connectorTypeToWire(standard) !== undefined),
    }),
  },
  {
    field: 'EVSE.capabilities',
    rule: 'unknown ones are dropped',
    apply: (of) => ({ ...of, capabilities: knownOnly(of.capabilities, capabilities) }),
  },
  {
    field: 'EVSE.parking_restrictions',
    rule: 'EMPLOYEES, TAXIS, TENANTS and unknown ones are dropped',
    apply: (of) => ({ ...of, parking_restrictions: knownOnly(of.parking_restrictions, parkingRestrictions) }),
  },
  { field: 'EVSE.parking', rule: 'dropped', apply: (of) => ({ ...of, parking: undefined }) },
  {
    field: 'EVSE.accepted_service_providers',
    rule: 'dropped',
    apply: (of) => ({ ...of, accepted_service_providers: undefined }),
  },
];

const locationLosses: readonly Loss<Location>[] = [
  { field: 'Location.help_phone', rule: 'dropped', apply: (of) => ({ ...of, help_phone: undefined }) },
  {
    field: 'Location.address',
    rule: 'cut to 45 characters',
    apply: (of) => ({ ...of, address: cut(of.address, ADDRESS_LENGTH) }),
  },
  {
    field: 'Location.state',
    rule: 'cut to 20 characters',
    apply: (of) => ({ ...of, state: cut(of.state, STATE_LENGTH) }),
  },
  { field: 'Location.parking_places', rule: 'dropped', apply: (of) => ({ ...of, parking_places: undefined }) },
  {
    field: 'Location.parking_type',
    rule: 'dropped when unknown',
    apply: (of) => ({ ...of, parking_type: parkingTypes.find((known) => known === of.parking_type) }),
  },
  {
    field: 'Location.facilities',
    rule: 'unknown ones are dropped',
    apply: (of) => ({ ...of, facilities: knownOnly(of.facilities, facilities) }),
  },
  {
    field: 'PublishTokenType.type',
    rule: 'EMAID and unknown types become OTHER',
    apply: (of) => ({
      ...of,
      publish_allowed_to: of.publish_allowed_to?.map((token) => ({
        ...token,
        type: token.type && tokenTypeToWire(token.type),
      })),
    }),
  },
  {
    field: 'Location.evses',
    rule: 'those without a connector that 2.2.1 knows are left out',
    apply: (of) => ({
      ...of,
      evses: of.evses?.map((each) => withLosses(each, evseLosses)).filter((each) => each.connectors.length > 0),
    }),
  },
];

/** What the types of several modules lose. */
const withOlderTypes = (of: Location): Location => ({
  ...of,
  images: of.images?.map(imageToWire),
  operator: of.operator && businessDetailsToWire(of.operator),
  suboperator: of.suboperator && businessDetailsToWire(of.suboperator),
  owner: of.owner && businessDetailsToWire(of.owner),
  energy_mix: of.energy_mix && energyMixToWire(of.energy_mix),
  evses: of.evses?.map((each) => ({ ...each, images: each.images?.map(imageToWire) })),
});

export const locationTo221 = (of: Location): Location => withOlderTypes(withLosses(locationToWire(of), locationLosses));

export const locations = locationsCodec(locationTo221);

/** All that a location loses in 2.2.1. */
export const losses221: readonly LossNote[] = [...locationLosses, ...evseLosses, ...connectorLosses].map(
  ({ field, rule }) => ({ field, rule }),
);

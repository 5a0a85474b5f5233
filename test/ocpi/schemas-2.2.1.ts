import { z } from 'zod';
import { businessDetails, displayText } from '../../src/domain/schema.js';
import { energyMix, hours } from '../../src/domain/location.js';
import { priceComponent, tariffElement, tariffRestrictions } from '../../src/domain/tariff.js';
import { cdr } from '../../ocpi-modules/cdrs/2.2.1.js';
import {
  cancelReservation,
  commandResponse,
  commandResult,
  reserveNow,
  startSession,
  stopSession,
  unlockConnector,
} from '../../ocpi-modules/commands/2.2.1.js';
import { credentialsObject } from '../../ocpi-modules/credentials/2.2.1.js';
import { envelope } from '../../ocpi-modules/envelope.js';
import { connector, evse, geoLocation, location } from '../../ocpi-modules/locations/2.2.1.js';
import { chargingPreferences, session } from '../../ocpi-modules/sessions/2.2.1.js';
import { tariff } from '../../ocpi-modules/tariffs/2.2.1.js';
import { authorizationInfo, locationReferences, token } from '../../ocpi-modules/tokens/2.2.1.js';
import { cdrToken, chargingPeriod, price } from '../../ocpi-modules/types/2.2.1.js';
import { versionDetails } from '../../ocpi-modules/versions/2.2.1.js';
import { versionEntry } from '../../ocpi-modules/versions/partner.js';

/** The strict schema of each object of OCPI 2.2.1, by the name that the specification gives it. */
export const schemas = {
  CDR: cdr,
  CdrToken: cdrToken,
  ChargingPeriod: chargingPeriod,
  CancelReservation: cancelReservation,
  CommandResponse: commandResponse,
  CommandResult: commandResult,
  ReserveNow: reserveNow,
  StartSession: startSession,
  StopSession: stopSession,
  UnlockConnector: unlockConnector,
  Location: location,
  EVSE: evse,
  Connector: connector,
  BusinessDetails: businessDetails,
  EnergyMix: energyMix,
  GeoLocation: geoLocation,
  Hours: hours,
  Session: session,
  ChargingPreferences: chargingPreferences,
  Tariff: tariff,
  TariffElement: tariffElement,
  TariffRestrictions: tariffRestrictions,
  PriceComponent: priceComponent,
  Token: token,
  AuthorizationInfo: authorizationInfo,
  LocationReferences: locationReferences,
  Credentials: credentialsObject,
  Version: versionEntry,
  VersionDetails: versionDetails,
  DisplayText: displayText,
  Price: price,
  ResponseEnvelope: envelope,
} as const satisfies Record<string, z.ZodObject>;

const byName: Readonly<Record<string, z.ZodObject | undefined>> = schemas;

/** The schema that the `object` column of INDEX.tsv means: `Token`, `Version[]`, `response envelope: Token[]`. */
export function schemaNamed(object: string): z.ZodType | undefined {
  const data = /^response envelope: (.+)$/.exec(object)?.[1];
  if (data === 'error, no data') return envelope.extend({ data: z.undefined().optional() });
  const inner = data && schemaNamed(data);
  if (inner) return envelope.extend({ data: inner });
  const item = /^(\w+)\[\]$/.exec(object)?.[1];
  const single = byName[item ?? object];
  return single && item !== undefined ? z.array(single) : single;
}

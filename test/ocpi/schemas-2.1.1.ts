import type { z } from 'zod';
import { cdr } from '../../ocpi-modules/cdrs/2.1.1.js';
import {
  commandResponse,
  reserveNow,
  startSession,
  stopSession,
  unlockConnector,
} from '../../ocpi-modules/commands/2.1.1.js';
import { credentialsObject } from '../../ocpi-modules/credentials/2.1.1.js';
import { envelope } from '../../ocpi-modules/envelope.js';
import { connector, evse, geoLocation, location } from '../../ocpi-modules/locations/2.1.1.js';
import { session } from '../../ocpi-modules/sessions/2.1.1.js';
import { priceComponent, tariff, tariffElement, tariffRestrictions } from '../../ocpi-modules/tariffs/2.1.1.js';
import { authorizationInfo, locationReferences, token } from '../../ocpi-modules/tokens/2.1.1.js';
import { chargingPeriod, energyMix } from '../../ocpi-modules/types/2.1.1.js';
import { businessDetails } from '../../ocpi-modules/types/2.2.1.js';
import { versionDetails } from '../../ocpi-modules/versions/2.1.1.js';
import { versionEntry } from '../../ocpi-modules/versions/partner.js';
import { hours } from '../../src/domain/location.js';
import { displayText } from '../../src/domain/schema.js';

/** The strict schema of each object of OCPI 2.1.1, by the name that the specification gives it. */
export const schemas = {
  CDR: cdr,
  ChargingPeriod: chargingPeriod,
  CommandResponse: commandResponse,
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
  ResponseEnvelope: envelope,
} as const satisfies Record<string, z.ZodObject>;

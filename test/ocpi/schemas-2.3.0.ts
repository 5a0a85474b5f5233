import type { z } from 'zod';
import { evseParking, parking } from '../../src/domain/parking.js';
import { businessDetails, displayText } from '../../src/domain/schema.js';
import { energyMix, hours } from '../../src/domain/location.js';
import { priceComponent, priceLimit, tariffElement, tariffRestrictions } from '../../src/domain/tariff.js';
import { cdr } from '../../ocpi-modules/cdrs/2.3.0.js';
import {
  cancelReservation,
  reserveNow,
  startSession,
  stopSession,
  unlockConnector,
} from '../../ocpi-modules/commands/2.3.0.js';
import { commandResponse, commandResult } from '../../ocpi-modules/commands/shared.js';
import { credentialsObject } from '../../ocpi-modules/credentials/2.3.0.js';
import { envelope } from '../../ocpi-modules/envelope.js';
import { connector, evse, geoLocation, location } from '../../ocpi-modules/locations/2.3.0.js';
import { chargingPreferences, session } from '../../ocpi-modules/sessions/2.3.0.js';
import { tariff } from '../../ocpi-modules/tariffs/2.3.0.js';
import { authorizationInfo, locationReferences, token } from '../../ocpi-modules/tokens/2.3.0.js';
import { cdrToken, chargingPeriod, price, taxAmount } from '../../ocpi-modules/types/2.3.0.js';
import { versionDetails } from '../../ocpi-modules/versions/2.3.0.js';
import { versionEntry } from '../../ocpi-modules/versions/partner.js';

/** The strict schema of each object of OCPI 2.3.0, by the name that the specification gives it. */
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
  TaxAmount: taxAmount,
  PriceLimit: priceLimit,
  Parking: parking,
  EVSEParking: evseParking,
  ResponseEnvelope: envelope,
} as const satisfies Record<string, z.ZodObject>;

import type { Money } from '../../src/domain/amounts.js';
import type { Cdr } from '../../src/domain/cdr.js';
import type { ChargePoint } from '../../src/domain/charge-point.js';
import { instant, type Instant } from '../../src/domain/instant.js';
import type { Connector, Evse, Location } from '../../src/domain/location.js';
import type { Partner } from '../../src/domain/partner.js';
import { startKeyOf, type Place, type Session } from '../../src/domain/session.js';
import type { Tariff } from '../../src/domain/tariff.js';
import { cdrTokenOf, type Token } from '../../src/domain/token.js';

/** Realistic documents: the CPO NL/RBR has a Dutch AC location with two EVSEs, the eMSP NL/EMS a driver with a card. */

/** 2024-05-01T12:00:00.000Z, where the fake clock starts, plus `offsetMs`. */
export const at = (offsetMs = 0): Instant => instant(Date.UTC(2024, 4, 1, 12) + offsetMs);

export function aConnector(overrides: Partial<Connector> = {}): Connector {
  return {
    id: '1',
    standard: 'IEC_62196_T2',
    format: 'SOCKET',
    power_type: 'AC_3_PHASE',
    max_voltage: 400,
    max_amperage: 32,
    max_electric_power: 22_080,
    tariff_ids: ['AC-1'],
    last_updated: at(),
    ...overrides,
  };
}

export function anEvse(overrides: Partial<Evse> = {}): Evse {
  return {
    uid: 'RBR-UTR-001-1',
    evse_id: 'NL*RBR*EUTR001*1',
    status: 'AVAILABLE',
    capabilities: ['RFID_READER', 'REMOTE_START_STOP_CAPABLE', 'UNLOCK_CAPABLE'],
    connectors: [aConnector()],
    physical_reference: '1',
    last_updated: at(),
    ...overrides,
  };
}

export function aLocation(overrides: Partial<Location> = {}): Location {
  return {
    country_code: 'NL',
    party_id: 'RBR',
    id: 'UTR-001',
    publish: true,
    name: 'Neude',
    address: 'Neude 11',
    city: 'Utrecht',
    postal_code: '3512 AE',
    country: 'NLD',
    coordinates: { latitude: '52.093060', longitude: '5.118240' },
    parking_type: 'ON_STREET',
    evses: [anEvse(), anEvse({ uid: 'RBR-UTR-001-2', evse_id: 'NL*RBR*EUTR001*2', physical_reference: '2' })],
    operator: { name: 'Roambridge operator' },
    time_zone: 'Europe/Amsterdam',
    opening_times: { twentyfourseven: true },
    last_updated: at(),
    ...overrides,
  };
}

/** 0.25 EUR to start, 0.35 EUR a kWh, 21 % VAT on top. */
export function aTariff(overrides: Partial<Tariff> = {}): Tariff {
  return {
    country_code: 'NL',
    party_id: 'RBR',
    id: 'AC-1',
    currency: 'EUR',
    type: 'REGULAR',
    elements: [
      {
        price_components: [
          { type: 'FLAT', price: 0.25, vat: 21, step_size: 1 },
          { type: 'ENERGY', price: 0.35, vat: 21, step_size: 1 },
        ],
      },
    ],
    tax_included: 'NO',
    last_updated: at(),
    ...overrides,
  };
}

export function aToken(overrides: Partial<Token> = {}): Token {
  return {
    country_code: 'NL',
    party_id: 'EMS',
    uid: '04A2B3C4D5E680',
    type: 'RFID',
    contract_id: 'NL-EMS-C12345678-9',
    visual_number: 'NL-EMS-C12345678-9',
    issuer: 'Example eMSP',
    valid: true,
    whitelist: 'ALLOWED',
    language: 'nl',
    last_updated: at(),
    ...overrides,
  };
}

export function aPlace(overrides: Partial<Place> = {}): Place {
  const { id, name, address, city, postal_code, country, coordinates, time_zone } = aLocation();
  const { uid, evse_id } = anEvse();
  const { id: connectorId, standard, format, power_type } = aConnector();
  return {
    location: { id, name, address, city, postal_code, country, coordinates, time_zone },
    evse: { uid, evse_id },
    connector: { id: connectorId, standard, format, power_type },
    ...overrides,
  };
}

/** A running session of the eMSP's driver. */
export function aSession(overrides: Partial<Session> = {}): Session {
  const start = { chargePointId: 'RBR-UTR-001', connector: '1', idTag: aToken().uid, at: at(), meterStart: 1_000 };
  return {
    id: '3f0a6c6c1c5e4a3f8a3c2f1e0d9b8a77',
    party: { countryCode: 'NL', partyId: 'RBR' },
    partnerId: 'ems',
    chargePointId: start.chargePointId,
    connector: start.connector,
    transactionId: '1',
    startKey: startKeyOf(start),
    idTag: start.idTag,
    token: cdrTokenOf(aToken()),
    authMethod: 'AUTH_REQUEST',
    authorizationReference: 'AUTH-1',
    place: aPlace(),
    status: 'ACTIVE',
    startedAt: at(),
    meterStartWh: start.meterStart,
    meterWh: start.meterStart,
    energyWh: 0,
    sampledAt: at(),
    periods: [{ startedAt: at(), energyWh: 0, parking: false }],
    currency: 'EUR',
    tariff: aTariff(),
    anomalies: [],
    cdrsMade: 0,
    lastUpdated: at(),
    version: 1,
    delivery: {},
    ...overrides,
  };
}

/** One hour and 11 kWh by {@link aTariff}, not yet delivered. */
export function aCdr(overrides: Partial<Cdr> = {}): Cdr {
  const session = aSession();
  const end = at(3_600_000);
  const price = (beforeTaxes: string, tax: string) => ({
    beforeTaxes: beforeTaxes as Money,
    taxes: [{ name: 'VAT', percentage: '21', amount: tax as Money }],
  });
  return {
    id: session.id,
    sessionId: session.id,
    partnerId: 'ems',
    party: session.party,
    startedAt: session.startedAt,
    endedAt: end,
    token: cdrTokenOf(aToken()),
    authMethod: session.authMethod,
    authorizationReference: 'AUTH-1',
    place: aPlace(),
    currency: 'EUR',
    tariff: aTariff(),
    periods: [{ startedAt: session.startedAt, energyWh: 11_000, seconds: 3_600, parking: false }],
    usage: { energyWh: 11_000, chargingS: 3_600, parkingS: 0 },
    bill: { total: price('4.1', '0.861'), fixed: price('0.25', '0.0525'), energy: price('3.85', '0.8085') },
    lastUpdated: end,
    delivery: {},
    ...overrides,
  };
}

/** A registered eMSP, NL/EMS, that speaks 2.2.1. */
export function aPartner(overrides: Partial<Partner> = {}): Partner {
  const base = 'https://emsp.example/ocpi/2.2.1';
  return {
    id: 'ems',
    name: 'Example eMSP',
    status: 'registered',
    policy: 'latest',
    tokenHash: '5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9',
    connection: {
      version: '2.2.1',
      versionsUrl: 'https://emsp.example/ocpi/versions',
      sealedToken: 'sealed',
      tokenEncoding: 'base64',
      endpoints: [
        { identifier: 'credentials', role: 'RECEIVER', url: `${base}/credentials` },
        { identifier: 'locations', role: 'RECEIVER', url: `${base}/locations` },
        { identifier: 'tariffs', role: 'RECEIVER', url: `${base}/tariffs` },
        { identifier: 'sessions', role: 'RECEIVER', url: `${base}/sessions` },
        { identifier: 'cdrs', role: 'RECEIVER', url: `${base}/cdrs` },
        { identifier: 'tokens', role: 'SENDER', url: `${base}/tokens` },
      ],
      roles: [{ countryCode: 'NL', partyId: 'EMS', role: 'EMSP', businessDetails: { name: 'Example eMSP' } }],
    },
    registeredAt: at(),
    createdAt: at(),
    ...overrides,
  };
}

/** A charge point of two connectors, one for each EVSE of {@link aLocation}, accepted and available. */
export function aChargePoint(overrides: Partial<ChargePoint> = {}): ChargePoint {
  return {
    id: 'RBR-UTR-001',
    securityProfile: 1,
    registration: 'Accepted',
    locationId: 'UTR-001',
    evses: { '1': 'RBR-UTR-001-1', '2': 'RBR-UTR-001-2' },
    device: { vendor: 'Alfen BV', model: 'NG920-61011', serialNumber: 'ACE0012345', firmwareVersion: '6.4.0-4210' },
    protocol: 'ocpp1.6',
    bootedAt: at(),
    lastSeenAt: at(),
    connectors: {
      '0': { state: 'Available', at: at() },
      '1': { state: 'Available', at: at() },
      '2': { state: 'Available', at: at() },
    },
    grants: [],
    ...overrides,
  };
}

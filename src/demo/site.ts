/** The demo's estate, as a site file would say it. */
export const demoSite = (party: { countryCode: string; partyId: string }, password: string) => {
  const owner = { country_code: party.countryCode, party_id: party.partyId };
  const last_updated = '2026-01-01T00:00:00Z';
  const evse = (number: number) => ({
    uid: `DEMO-EVSE-${number}`,
    evse_id: `${party.countryCode}*${party.partyId}*EDEMO*${number}`,
    status: 'UNKNOWN',
    capabilities: ['RFID_READER', 'REMOTE_START_STOP_CAPABLE', 'UNLOCK_CAPABLE'],
    physical_reference: String(number),
    connectors: [
      {
        id: '1',
        standard: 'IEC_62196_T2',
        format: 'SOCKET',
        power_type: 'AC_3_PHASE',
        max_voltage: 230,
        max_amperage: 32,
        tariff_ids: ['DEMO-TARIFF'],
        last_updated,
      },
    ],
    last_updated,
  });
  return {
    tariffs: [
      {
        ...owner,
        id: 'DEMO-TARIFF',
        currency: 'EUR',
        type: 'REGULAR',
        elements: [
          {
            price_components: [
              { type: 'FLAT', price: 0.5, vat: 21, step_size: 1 },
              { type: 'ENERGY', price: 0.35, vat: 21, step_size: 1 },
            ],
          },
        ],
        last_updated,
      },
    ],
    locations: [
      {
        ...owner,
        id: 'DEMO-LOCATION',
        publish: true,
        name: 'Harbour street',
        address: 'Harbour street 1',
        city: 'Rotterdam',
        postal_code: '3011AA',
        country: 'NLD',
        coordinates: { latitude: '51.922500', longitude: '4.479170' },
        parking_type: 'ON_STREET',
        evses: [evse(1), evse(2)],
        time_zone: 'Europe/Amsterdam',
        opening_times: { twentyfourseven: true },
        last_updated,
      },
    ],
    charge_points: [{ id: 'DEMO-CP', password, evses: { '1': 'DEMO-EVSE-1', '2': 'DEMO-EVSE-2' } }],
  };
};

import { z } from 'zod';
import type { ChargePointCommand } from '../domain/command.js';
import { parseInstant, type Instant } from '../domain/instant.js';

/** Those that change what a charge point has to show; they have routes of their own, which keep our side in step. */
type Credentials = 'setPassword' | 'setSecurityProfile';
type CommandType = Exclude<ChargePointCommand['type'], Credentials>;

const text = z.string().min(1);
const id = z.number().int().min(0);
const connector = z.string().regex(/^\d+$/, 'a connector number');
const seconds = z.number().int().min(0);
const rate = z.number().min(0);
const use = z.enum(['CSMSRootCertificate', 'ManufacturerRootCertificate']);
const instant = z.string().transform((value, context): Instant => {
  const read = parseInstant(value);
  if (read !== undefined) return read;
  context.addIssue('a date and time, e.g. 2026-01-31T12:00:00Z');
  return z.NEVER;
});

const localListEntry = z.strictObject({
  idTag: text,
  status: z.enum(['Accepted', 'Blocked', 'Expired', 'Invalid']).optional(),
  expiresAt: instant.optional(),
  groupIdTag: text.optional(),
});

const chargingProfile = z.strictObject({
  id,
  purpose: z.enum(['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile']),
  stackLevel: id,
  transactionId: text.optional(),
  unit: z.enum(['W', 'A']),
  startsAt: instant.optional(),
  durationS: seconds.optional(),
  minRate: rate.optional(),
  periods: z
    .array(z.strictObject({ startS: seconds, limit: rate, phases: z.number().int().min(1).max(3).optional() }))
    .min(1),
});

const certificateHash = z.strictObject({
  hashAlgorithm: z.enum(['SHA256', 'SHA384', 'SHA512']),
  issuerNameHash: text,
  issuerKeyHash: text,
  serialNumber: text,
});

const of = <T extends CommandType, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape });

/** The commands of src/domain/command.ts as JSON. */
const commands: { readonly [T in CommandType]: z.ZodType<Extract<ChargePointCommand, { type: T }>> } = {
  remoteStart: of('remoteStart', { idTag: text, connector: connector.optional(), remoteStartId: id.optional() }),
  remoteStop: of('remoteStop', { transactionId: text }),
  unlockConnector: of('unlockConnector', { connector }),
  reset: of('reset', { hard: z.boolean() }),
  changeAvailability: of('changeAvailability', { connector, operative: z.boolean() }),
  getConfiguration: of('getConfiguration', { keys: z.array(text) }),
  changeConfiguration: of('changeConfiguration', { key: text, value: z.string() }),
  clearCache: of('clearCache', {}),
  trigger: of('trigger', { message: text, connector: connector.optional() }),
  dataTransfer: of('dataTransfer', {
    vendorId: text,
    messageId: z.string().optional(),
    data: z.string().optional(),
  }),
  reserveNow: of('reserveNow', {
    reservationId: id,
    idTag: text,
    groupIdTag: text.optional(),
    connector: connector.optional(),
    expiresAt: instant,
  }),
  cancelReservation: of('cancelReservation', { reservationId: id }),
  getLocalListVersion: of('getLocalListVersion', {}),
  sendLocalList: of('sendLocalList', { version: id, full: z.boolean(), entries: z.array(localListEntry) }),
  setChargingProfile: of('setChargingProfile', { connector, profile: chargingProfile }),
  clearChargingProfile: of('clearChargingProfile', { id: id.optional(), connector: connector.optional() }),
  getCompositeSchedule: of('getCompositeSchedule', {
    connector,
    durationS: seconds,
    unit: z.enum(['W', 'A']).optional(),
  }),
  updateFirmware: of('updateFirmware', {
    requestId: id,
    url: text,
    retrieveAt: instant,
    installAt: instant.optional(),
    signature: text.optional(),
    signingCertificate: text.optional(),
  }),
  getLog: of('getLog', {
    requestId: id,
    log: z.enum(['diagnostics', 'security']),
    url: text,
    from: instant.optional(),
    to: instant.optional(),
  }),
  setDisplayMessage: of('setDisplayMessage', {
    id,
    text,
    priority: z.enum(['AlwaysFront', 'InFront', 'NormalCycle']).optional(),
    expiresAt: instant.optional(),
  }),
  getDisplayMessages: of('getDisplayMessages', { requestId: id }),
  clearDisplayMessage: of('clearDisplayMessage', { id }),
  installCertificate: of('installCertificate', { use, pem: text }),
  deleteCertificate: of('deleteCertificate', { hash: certificateHash }),
  getInstalledCertificates: of('getInstalledCertificates', { use: use.optional() }),
  certificateSigned: of('certificateSigned', { chainPem: text }),
  getReport: of('getReport', { requestId: id }),
  getTransactionStatus: of('getTransactionStatus', { transactionId: text }),
  costUpdated: of('costUpdated', { transactionId: text, totalCost: rate }),
  call: of('call', { action: text, payload: z.record(z.string(), z.unknown()) }),
};

const known = z.looseObject({ type: z.enum(Object.keys(commands) as CommandType[]) });

/** A command for a charge point, from JSON. @throws ZodError which field is wrong */
export function readCommand(body: unknown): ChargePointCommand {
  const { type } = known.parse(body);
  return commands[type].parse(body);
}

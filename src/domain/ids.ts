import { createHash, randomUUID } from 'node:crypto';

/** CiString ids compare without case (OCPI 2.2.1 §17.1); every store key of one goes through here. */
export const keyOf = (ciString: string): string => ciString.toLowerCase();

/** A new session id: 32 hexadecimal digits, so that a CDR id with a suffix stays within OCPI's 36 (39 for credit). */
export const newId = (): string => randomUUID().replaceAll('-', '');

/** Enough of a token uid to recognise it in a log, never all of it. */
export const maskUid = (uid: string): string => (uid.length <= 6 ? '***' : `${uid.slice(0, 4)}***`);

/** SHA-256 in hexadecimal: how secrets that we generated (128 bits or more) are kept. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of a WebSocket message. OCPP-J 1.6 §4.1.2 wants text messages; some charge points send the same text as
 * binary ones, which are read when they are UTF-8 (undefined: they aren't). ws has checked text messages already.
 */
export function textOfMessage(data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean): string | undefined {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data;
  if (!isBinary) return bytes.toString('utf8');
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

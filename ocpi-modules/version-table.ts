import { cdrs } from './cdrs/2.2.1.js';
import { cdrsModule } from './cdrs/routes.js';
import type { Codec } from './codec.js';
import { commands } from './commands/2.2.1.js';
import { commandsModule } from './commands/routes.js';
import { credentials } from './credentials/2.2.1.js';
import { credentialsModule } from './credentials/routes.js';
import { statusCode } from './envelope.js';
import { locations } from './locations/2.2.1.js';
import { locationsModule } from './locations/routes.js';
import type { ServedModule } from './module.js';
import { sessions } from './sessions/2.2.1.js';
import { sessionsModule } from './sessions/routes.js';
import { tariffs } from './tariffs/2.2.1.js';
import { tariffsModule } from './tariffs/routes.js';
import { tokens } from './tokens/2.2.1.js';
import { tokensModule } from './tokens/routes.js';
import type { Transport } from './transport.js';
import { versions } from './versions/2.2.1.js';

export interface OcpiVersion {
  readonly version: string;
  readonly codec: Codec;
  readonly transport: Transport;
  readonly modules: readonly ServedModule[];
}

/** The modules of 2.2 and later (DIFFERENCES §2). */
const modules: readonly ServedModule[] = [
  credentialsModule,
  locationsModule,
  sessionsModule,
  cdrsModule,
  tariffsModule,
  tokensModule,
  commandsModule,
];

/** Of 2.2 and later (DIFFERENCES §1). */
const transport: Transport = {
  tokenEncoding: 'base64',
  routing: true,
  messageIds: true,
  unknownTokenCode: statusCode.unknownToken,
  unknownTokenBy404: false,
};

/** The versions that we speak, best first: the one place that names them. */
export const versionTable: readonly OcpiVersion[] = [
  {
    version: '2.2.1',
    codec: { versions, credentials, locations, sessions, cdrs, tariffs, tokens, commands },
    transport,
    modules,
  },
];

export const versionOf = (version: string): OcpiVersion | undefined =>
  versionTable.find((each) => each.version === version);

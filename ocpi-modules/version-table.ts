import { cdrs as cdrs211 } from './cdrs/2.1.1.js';
import { cdrs as cdrs221 } from './cdrs/2.2.1.js';
import { cdrs as cdrs230 } from './cdrs/2.3.0.js';
import { cdrsModule } from './cdrs/routes.js';
import type { Codec } from './codec.js';
import { commands as commands211 } from './commands/2.1.1.js';
import { commands as commands221 } from './commands/2.2.1.js';
import { commands as commands230 } from './commands/2.3.0.js';
import { commandsModule } from './commands/routes.js';
import { credentials as credentials211 } from './credentials/2.1.1.js';
import { credentials as credentials221 } from './credentials/2.2.1.js';
import { credentials as credentials230 } from './credentials/2.3.0.js';
import { credentialsModule } from './credentials/routes.js';
import { statusCode } from './envelope.js';
import { locations as locations211 } from './locations/2.1.1.js';
import { locations as locations221 } from './locations/2.2.1.js';
import { locations as locations230 } from './locations/2.3.0.js';
import { locationsModule } from './locations/routes.js';
import type { ServedModule } from './module.js';
import { sessions as sessions211 } from './sessions/2.1.1.js';
import { sessions as sessions221 } from './sessions/2.2.1.js';
import { sessions as sessions230 } from './sessions/2.3.0.js';
import { sessionsModule } from './sessions/routes.js';
import { tariffs as tariffs211 } from './tariffs/2.1.1.js';
import { tariffs as tariffs221 } from './tariffs/2.2.1.js';
import { tariffs as tariffs230 } from './tariffs/2.3.0.js';
import { tariffsModule } from './tariffs/routes.js';
import { tokens as tokens211 } from './tokens/2.1.1.js';
import { tokens as tokens221 } from './tokens/2.2.1.js';
import { tokens as tokens230 } from './tokens/2.3.0.js';
import { tokensModule } from './tokens/routes.js';
import type { Transport } from './transport.js';
import { versions as versions211 } from './versions/2.1.1.js';
import { versions as versions221 } from './versions/2.2.1.js';
import { versions as versions230 } from './versions/2.3.0.js';

export interface OcpiVersion {
  readonly version: string;
  readonly codec: Codec;
  readonly transport: Transport;
  readonly modules: readonly ServedModule[];
}

/** The modules that all versions have (DIFFERENCES §2); later ones add theirs. */
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

/** No hubs, no message ids, and no status code for a token that is not known. */
const transport211: Transport = {
  tokenEncoding: 'raw',
  routing: false,
  messageIds: false,
  unknownTokenCode: statusCode.invalidParameters,
  unknownTokenBy404: true,
};

/** The versions that we speak, best first: the one place that names them. */
export const versionTable: readonly OcpiVersion[] = [
  {
    version: '2.3.0',
    codec: {
      versions: versions230,
      credentials: credentials230,
      locations: locations230,
      sessions: sessions230,
      cdrs: cdrs230,
      tariffs: tariffs230,
      tokens: tokens230,
      commands: commands230,
    },
    transport,
    modules,
  },
  {
    version: '2.2.1',
    codec: {
      versions: versions221,
      credentials: credentials221,
      locations: locations221,
      sessions: sessions221,
      cdrs: cdrs221,
      tariffs: tariffs221,
      tokens: tokens221,
      commands: commands221,
    },
    transport,
    modules,
  },
  {
    version: '2.1.1',
    codec: {
      versions: versions211,
      credentials: credentials211,
      locations: locations211,
      sessions: sessions211,
      cdrs: cdrs211,
      tariffs: tariffs211,
      tokens: tokens211,
      commands: commands211,
    },
    transport: transport211,
    modules,
  },
];

export const versionOf = (version: string): OcpiVersion | undefined =>
  versionTable.find((each) => each.version === version);

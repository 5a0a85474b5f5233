/** Version details of OCPI 2.2.1 §6.2: as those of 2.3.0. */
export { versionDetails, versions } from './2.3.0.js';

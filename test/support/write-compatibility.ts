import { writeFileSync } from 'node:fs';
import { compatibility } from './compatibility.js';

/** `npm run docs` */
writeFileSync('docs/compatibility.md', compatibility());

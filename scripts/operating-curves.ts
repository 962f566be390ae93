import * as fs from 'fs';
import { synthesizeAlarms } from './operating-curves/alarms';
import { simulateAll } from './operating-curves/curves';

// the tests validate the template
process.env.CDK_VALIDATION = 'false';
const curves = simulateAll(synthesizeAlarms(), (progress) => console.log(progress));
fs.writeFileSync('models/releases/operating-curves.json', `${JSON.stringify(curves)}\n`);

import * as fs from 'fs';
import * as path from 'path';
import { synthesizeAlarms } from './operating-curves/alarms';
import { drawChart } from './operating-curves/chart';
import { OperatingCurves, simulateAll } from './operating-curves/curves';
import { fillIn } from './operating-curves/tables';

/**
 * Simulates releases with the alarms of the template, and writes the results, the tables of the page, and the chart.
 * With `--draw`, it only writes tables and chart from the committed results.
 */
const RESULTS = path.join('models', 'releases', 'operating-curves.json');
const PAGE = path.join('docs', 'rollback-alarms.md');
const CHART = path.join('docs', 'images', 'operating-curves.svg');

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(options: string[]): Promise<void> {
  // the tests validate the template, which takes longer than its synthesis
  process.env.CDK_VALIDATION = 'false';
  if (!options.includes('--draw')) {
    const simulated = simulateAll(synthesizeAlarms(), (progress) => console.log(progress));
    fs.writeFileSync(RESULTS, `${JSON.stringify(simulated)}\n`);
  }
  const curves = JSON.parse(fs.readFileSync(RESULTS, 'utf8')) as OperatingCurves;
  fs.writeFileSync(PAGE, fillIn(fs.readFileSync(PAGE, 'utf8'), curves));
  fs.writeFileSync(CHART, await drawChart(curves));
}

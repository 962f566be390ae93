import * as fs from 'fs';
import * as path from 'path';
import { synthesizeDashboard } from './dashboard/body';
import { loadCharts } from './dashboard/chart';
import { drawPage } from './dashboard/page';

/**
 * Draws the dashboard of the sample application for the documentation; with `--check` it only tells whether the picture
 * is the one that is committed.
 */
const PICTURE = path.join('docs', 'images', 'dashboard.svg');

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(options: string[]): Promise<void> {
  // the tests validate the template, which takes longer than all of this
  process.env.CDK_VALIDATION = 'false';
  const svg = await drawPage(synthesizeDashboard(), await loadCharts());
  if (!options.includes('--check')) {
    fs.mkdirSync(path.dirname(PICTURE), { recursive: true });
    fs.writeFileSync(PICTURE, svg);
    console.log(`${PICTURE}: ${Math.round(svg.length / 1024)} KiB`);
  } else if (!fs.existsSync(PICTURE) || fs.readFileSync(PICTURE, 'utf8') !== svg) {
    console.error(`${PICTURE} is not what the dashboard looks like: run npx tsx scripts/render-dashboard.ts and commit the picture`);
    process.exitCode = 1;
  } else {
    console.log(`${PICTURE} is up to date`);
  }
}

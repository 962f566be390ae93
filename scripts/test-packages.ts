/**
 * Makes wheel and jar of the tarball as the release does, installs the three the way a user does, synthesizes the ten
 * lines and the production program of each language, and compares the templates.
 *
 *     npm run test:packages                 builds the tarball first when it is missing or older than its source
 *     npm run test:packages -- --no-build   takes the tarball in dist as it is
 */
import { tarball } from './packages/artifacts';
import { Checks } from './packages/checks';
import { java, python, Run, typescript } from './packages/languages';
import { assertEqual } from './packages/templates';
import { Workspace } from './packages/workspace';

async function testPackages(run: Run): Promise<void> {
  // at once: each waits for its registry now and then
  const [fromTypescript, fromPython, fromJava] = await Promise.all([typescript(run), python(run), java(run)]);
  for (const [language, templates] of Object.entries({ Python: fromPython, Java: fromJava })) {
    await run.checks.run(`${language} synthesizes the same ten lines as TypeScript`, () => assertEqual(fromTypescript.tenLines, templates.tenLines));
    await run.checks.run(`${language} synthesizes the same production program as TypeScript`,
      () => assertEqual(fromTypescript.production, templates.production));
  }
}

async function main(build: boolean): Promise<number> {
  const checks = new Checks();
  const workspace = new Workspace();
  const interrupt = () => {
    workspace.close();
    process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const packed = await checks.run('dist has one tarball', () => tarball(workspace, build));
    if (packed) {
      await testPackages({ checks, workspace, tarball: packed });
    }
  } finally {
    workspace.close();
  }
  return checks.finish();
}

main(!process.argv.includes('--no-build')).then(
  (code) => { process.exitCode = code; },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);

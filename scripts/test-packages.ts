/**
 * Installs the packed tarball, wheel and jar the way a user does, synthesizes the ten lines and the production program
 * of each language, and compares the templates.
 *
 *     npm run test:packages                 builds the packages first when they are missing or older than their source
 *     npm run test:packages -- --no-build   tests the packages in dist as they are
 */
import { packages } from './packages/artifacts';
import { Checks } from './packages/checks';
import { java, python, Run, typescript } from './packages/languages';
import { assertEqual } from './packages/templates';
import { Workspace } from './packages/workspace';

async function testPackages(run: Run): Promise<void> {
  // two at once, for two cores: pip's installation takes as long as the other two languages
  const [[fromTypescript, fromJava], fromPython] = await Promise.all([
    typescript(run).then(async (templates) => [templates, await java(run)]),
    python(run),
  ]);
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
    const artifacts = await checks.run('dist has one tarball, one wheel and one jar', () => packages(workspace, build));
    if (artifacts) {
      await testPackages({ checks, workspace, artifacts });
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

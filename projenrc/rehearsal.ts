import { javascript, typescript } from 'projen';

/**
 * The package of the command `cdk-blue-green-rehearsal`. The library stays at the root, because a jsii project in a
 * folder cannot be released.
 *
 * @see https://github.com/projen/projen/issues/4475
 */
export function addRehearsal(parent: javascript.NodeProject): typescript.TypeScriptProject {
  const project = new typescript.TypeScriptProject({
    parent,
    outdir: 'packages/rehearsal',
    name: 'cdk-blue-green-rehearsal',
    description: 'Runs a pipeline of cdk-blue-green-python-pipeline on your own machine: build, blue/green releases under load, and failures',
    authorName: 'The cdk-blue-green-python-pipeline authors',
    authorEmail: 'cdk-blue-green-python-pipeline@users.noreply.github.com',
    authorOrganization: true,
    repository: 'https://github.com/cdk-blue-green-python-pipeline/cdk-blue-green-python-pipeline.git',
    repositoryDirectory: 'packages/rehearsal',
    license: 'Apache-2.0',
    keywords: ['aws', 'cdk', 'ecs', 'blue-green', 'codedeploy', 'rehearsal', 'testing'],
    defaultReleaseBranch: 'main',
    packageManager: javascript.NodePackageManager.NPM,
    minNodeVersion: '20.0.0',
    workflowNodeVersion: '22.x',
    typescriptVersion: '~6.0.0',
    bumpPackage: 'commit-and-tag-version@^12',
    // runs with the tokens of the registry
    jsiiReleaseVersion: '0.2.1061',
    release: true,
    releaseToNpm: true,
    releaseTagPrefix: 'rehearsal-v',
    bin: { 'cdk-blue-green-rehearsal': 'lib/main.js' },
    deps: ['yaml@^2'],
    devDeps: ['@types/node@^20'],
    // the root checks the style, the types, and the behavior of all packages
    eslint: false,
    jest: false,
    sampleCode: false,
    depsUpgrade: false,
    tsconfig: { compilerOptions: { target: 'ES2022', lib: ['es2022'], module: 'node16' as never, inlineSourceMap: false, inlineSources: false } },
    disableTsconfigDev: true,
    entrypoint: '',
    entrypointTypes: '',
  });
  // programs beside the compiled code
  project.compileTask.exec('cp src/engine/*.sh src/engine/*.py lib/engine/');
  return project;
}

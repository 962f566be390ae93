import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { MAVEN_CACHE, REPOSITORY, Workspace } from './workspace';

const WORKFLOW = join(REPOSITORY, '.github/workflows/release.yml');
/** What the job of the release checks out the repository into. */
const CHECKOUT = '.repo';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: { readonly path?: string };
}

/** A job of the release that makes one package, of the tarball that the job before it has left in `dist`. */
interface PackageJob {
  readonly name: string;
  readonly steps: Step[];
}

export function packageJob(name: string): PackageJob {
  const { jobs } = parse(readFileSync(WORKFLOW, 'utf8')) as { jobs: { [name: string]: { steps: Step[] } } };
  const { steps } = jobs[name];
  // from there on it publishes
  const end = steps.findIndex((step) => step.id === 'release');
  if (end < 0) {
    throw new Error(`${name} in release.yml has no step with the id 'release'`);
  }
  return { name, steps: steps.slice(0, end) };
}

export interface JobResult {
  /** What the job would publish. */
  readonly dist: string;
  /** The repository with the unpacked tarball. */
  readonly checkout: string;
}

/** Runs the job up to its publication. */
export async function runJob(job: PackageJob, tarball: string, workspace: Workspace): Promise<JobResult> {
  const folder = workspace.folder(job.name);
  for (const step of job.steps) {
    await (step.uses ? runAction(step, folder, tarball) : runCommand(step, folder, workspace));
  }
  return { dist: join(folder, 'dist'), checkout: join(folder, CHECKOUT) };
}

function runAction(step: Step, folder: string, tarball: string): void {
  const [action] = step.uses?.split('@') ?? [];
  const path = join(folder, step.with?.path ?? '.');
  switch (action) {
    case 'actions/checkout':
      return checkOut(path);
    case 'actions/download-artifact':
      return cpSync(dirname(tarball), join(path, 'js'), { recursive: true });
    case 'actions/setup-node':
    case 'actions/setup-java':
    case 'actions/setup-python':
      // this machine's own
      return;
    default:
      throw new Error(`scripts/packages/workflow.ts cannot run ${step.uses}`);
  }
}

async function runCommand(step: Step, folder: string, workspace: Workspace): Promise<void> {
  if (step.id === 'restore_build_artifact_permissions') {
    // nothing was uploaded, so no permission was lost
    return;
  }
  if (step.run === `cd ${CHECKOUT} && npm ci`) {
    // the packages of the same lock file: installing them again takes a minute
    symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, CHECKOUT, 'node_modules'));
    return;
  }
  // GitHub's shell
  await workspace.run('bash', ['-e', '-c', step.run ?? ''], {
    cwd: folder,
    // else pacmak gives Maven a new local repository each time
    env: workspace.env({ MAVEN_OPTS: `-Dmaven.repo.local=${MAVEN_CACHE}` }),
  });
}

/** What a commit would hold: the files of the repository that are not ignored, as they are now. */
function checkOut(path: string): void {
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: REPOSITORY, encoding: 'utf8' });
  // without what is deleted, and the folder of packages, which git does not ignore where it is a link
  const files = names.split('\0').filter((name) => name !== '' && name !== 'node_modules' && existsSync(join(REPOSITORY, name)));
  for (const file of files) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    cpSync(join(REPOSITORY, file), join(path, file));
  }
}

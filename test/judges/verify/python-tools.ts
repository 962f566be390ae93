import { execFile, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { byRuleAndPath, Finding, pathInStack, resourcesById, Subject } from './findings';
import { reasonOfPolicy } from './policy-reasons';
import { Deployed } from '../iam/deployed';

const CACHE = path.join(__dirname, '..', '..', '..', '.cache', 'verify');

/** Longer than a slow machine takes for all templates. */
const TIMEOUT_MS = 300_000;

const MAX_BUFFER = 256 * 1024 * 1024;

/** A tool of the Python Package Index. */
interface PythonTool {
  readonly name: string;
  readonly version: string;
  /** Where a virtual environment with it may be already. */
  readonly variable: string;
  readonly args: (templateFiles: string[]) => string[];
  readonly parse: (output: string) => RawFinding[];
  /** The program in its environment, unless it has the name of the tool. */
  readonly program?: string;
  /** Runs before the tool, which may read other files than templates. */
  readonly prepare?: (subjects: Subject[]) => void;
}

interface RawFinding {
  readonly file: string;
  readonly rule: string;
  readonly logicalId: string;
  readonly reason?: string;
}

interface CfnLintFinding {
  readonly Filename: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: string[] | null };
}

interface CheckovRecord {
  readonly file_abs_path: string;
  readonly check_id: string;
  readonly resource: string;
  readonly check_result: { readonly suppress_comment?: string };
}

interface CheckovReport {
  readonly results: { readonly failed_checks?: CheckovRecord[]; readonly skipped_checks?: CheckovRecord[] };
}

export const CFN_LINT: PythonTool = {
  name: 'cfn-lint',
  version: '1.58.0',
  variable: 'CFN_LINT_ENVIRONMENT',
  // W3005: CDK writes dependencies that a reference implies
  args: (templateFiles) => ['--ignore-checks', 'W3005', '--format', 'json', '--', ...templateFiles],
  parse: (output) => (JSON.parse(output) as CfnLintFinding[]).map(({ Filename, Rule, Location }) => ({
    file: Filename, rule: Rule.Id, logicalId: Location.Path?.[1] ?? '',
  })),
};

export const CHECKOV: PythonTool = {
  name: 'checkov',
  version: '3.3.30',
  variable: 'CHECKOV_ENVIRONMENT',
  args: (templateFiles) => ['--framework', 'cloudformation', '--skip-download', '--compact', '--output', 'json', '--file', ...templateFiles],
  parse: (output) => {
    const { results: { failed_checks: failed = [], skipped_checks: skipped = [] } }: CheckovReport = JSON.parse(output);
    return [...failed, ...skipped].map(({
      file_abs_path: file, check_id: rule, resource, check_result: { suppress_comment: reason },
    }) => ({
      file, rule, logicalId: resource.split('.')[1], reason,
    }));
  },
};

const POLICIES = '.policies.json';

/** A judge of IAM policies. It reads the policies of roles, where references are ARNs as in an account. */
function policyJudge(name: string, version: string): PythonTool {
  return {
    name,
    version,
    variable: `${name.toUpperCase()}_ENVIRONMENT`,
    program: 'python',
    prepare: (subjects) => subjects.forEach(({ templateFile }) => {
      const template = JSON.parse(fs.readFileSync(templateFile, 'utf8')) as object;
      fs.writeFileSync(`${templateFile}${POLICIES}`, JSON.stringify(new Deployed(template).identityPolicies));
    }),
    args: (templateFiles) => [path.join(__dirname, 'policies.py'), name, ...templateFiles.map((file) => `${file}${POLICIES}`)],
    parse: (output) => (JSON.parse(output) as RawFinding[]).map(({ file, rule, logicalId }) => ({
      file: file.slice(0, -POLICIES.length), rule, logicalId, reason: reasonOfPolicy(name, rule),
    })),
  };
}

export const CLOUDSPLAINING = policyJudge('cloudsplaining', '0.9.1');

export const PARLIAMENT = policyJudge('parliament', '1.6.4');

/**
 * All findings of a tool, which runs once over all templates, with the reason of each that is acknowledged in the
 * template.
 */
export async function judgeByPython(tool: PythonTool, subjects: Subject[]): Promise<Map<Subject, Finding[]>> {
  tool.prepare?.(subjects);
  const output = await run(executable(tool), tool.args(subjects.map(({ templateFile }) => templateFile)));
  const raw = tool.parse(output);
  return new Map(subjects.map((subject) => {
    const { stack, templateFile, judges } = subject;
    const resources = resourcesById(stack);
    const found = raw.filter(({ file }) => file === templateFile).map(({ rule, logicalId, reason }): Finding => {
      const resource = resources.get(logicalId);
      return { tool: tool.name, rule, path: resource ? pathInStack(stack, resource) : logicalId, reason };
    });
    return [subject, found.filter(({ path: place }) => judges(place)).sort(byRuleAndPath)];
  }));
}

/** The tool in a virtual environment of its own, which is made when it is not there. */
function executable({ name, version, variable, program: other = name }: PythonTool): string {
  const environment = process.env[variable] ?? path.join(CACHE, `${name}-${version}`);
  const program = path.join(environment, 'bin', name);
  if (!fs.existsSync(program)) {
    console.log(`installing ${name} ${version} into ${path.relative(process.cwd(), environment)}`);
    require0('python3', ['-m', 'venv', environment]);
    require0(path.join(environment, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', `${name}==${version}`]);
  }
  return path.join(environment, 'bin', other);
}

function require0(program: string, args: string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', timeout: TIMEOUT_MS });
  if (status !== 0) {
    throw new Error(`${program} ${args.join(' ')} failed (${error?.message ?? `exit ${status}`}): it takes Python 3 with venv, and the Python Package Index once`);
  }
}

/** Both tools exit with another code than 0 when they find something; what they print decides. */
function run(program: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: TIMEOUT_MS, maxBuffer: MAX_BUFFER }, (error, stdout, stderr) => {
      if (/^\s*[[{]/.test(stdout)) {
        resolve(stdout);
      } else {
        reject(new Error(`${path.basename(program)} gave no result: ${error?.message ?? ''}\n${stderr}`));
      }
    });
  });
}

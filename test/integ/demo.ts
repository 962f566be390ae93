import * as fs from 'fs';
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { createTapStack, PROFILE_NAMES } from './tap-stack';

/** A placeholder for the certificate that the profile `prod` requires. The demo calls no AWS API. */
const EXAMPLE_CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';

const MAX_LINE = 100;

const PARTS = ['Network', 'Platform', 'Service', 'Pipeline', 'Alerts', 'Dashboard'];

interface Resource {
  readonly Type: string;
  readonly Metadata?: { readonly 'aws:cdk:path'?: string };
  readonly Properties: { readonly [name: string]: unknown };
}

interface Template {
  readonly Resources: { readonly [id: string]: Resource };
  readonly Outputs: { readonly [id: string]: { readonly Description: string } };
}

interface Stage {
  readonly Name: string;
  readonly Actions: { readonly Name: string; readonly ActionTypeId: { readonly Provider: string } }[];
}

main(process.argv.slice(2));

function main([profile = 'default', environmentSuffix = 'dev']: string[]): void {
  if (!PROFILE_NAMES.includes(profile)) {
    console.error(`unknown profile ${JSON.stringify(profile)}: use ${PROFILE_NAMES.join(', ')}, as in npm run demo -- ${PROFILE_NAMES[0]} dev`);
    process.exitCode = 1;
    return;
  }
  const outdir = path.join('cdk.out', `${profile}-${environmentSuffix}`);
  fs.rmSync(outdir, { recursive: true, force: true });
  const started = Date.now();
  const { stackName, templateFile } = synthesize(profile, environmentSuffix, outdir);
  const template: Template = JSON.parse(fs.readFileSync(templateFile, 'utf8'));
  print([
    `${stackName}, profile ${profile}: ${Object.keys(template.Resources).length} resources, synthesized and validated in ${((Date.now() - started) / 1000).toFixed(1)} s without an AWS account`,
    ...describePipeline(template),
    ...describeRelease(template),
    ...describeParts(template),
    ...describeOutputs(template),
    ...describeNext(profile, outdir, templateFile),
  ]);
}

function synthesize(
  profile: string, environmentSuffix: string, outdir: string,
): { stackName: string; templateFile: string } {
  const app = new App({
    outdir,
    context: {
      profile,
      environmentSuffix,
      'certificateArn': EXAMPLE_CERTIFICATE,
      // as the CLI does: it maps each resource to its construct
      'aws:cdk:enable-path-metadata': true,
      '@aws-cdk/core:validateAgainstDefaultRules': true,
    },
  });
  const stack = createTapStack(app);
  app.synth();
  return { stackName: stack.stackName, templateFile: path.join(outdir, stack.templateFile) };
}

function describePipeline(template: Template): string[] {
  const [pipeline] = ofType(template, 'AWS::CodePipeline::Pipeline');
  const stages = pipeline.Properties.Stages as Stage[];
  return heading('Pipeline', stages.map(({ Name, Actions }) => `${Name.padEnd(8)} ${Actions.map(({ ActionTypeId }) => ActionTypeId.Provider).join(', ')}`));
}

function describeRelease(template: Template): string[] {
  const [group] = ofType(template, 'AWS::CodeDeploy::DeploymentGroup');
  const {
    TerminateBlueInstancesOnDeploymentSuccess: termination,
  } = group.Properties.BlueGreenDeploymentConfiguration as
    { TerminateBlueInstancesOnDeploymentSuccess: { TerminationWaitTimeInMinutes: number } };
  const alarms = (group.Properties.AlarmConfiguration as { Alarms?: unknown[] } | undefined)?.Alarms?.length ?? 0;
  const triggers = (group.Properties.AutoRollbackConfiguration as { Events: string[] }).Events.map((event) => event.toLowerCase().replace(/_/g, ' '));
  return heading('Release', [
    'A push to main starts the pipeline.',
    'The build runs pytest, coverage and bandit. If a gate fails, the build keeps its report and pushes no image.',
    'The build builds the image, pushes it, and passes its digest to the deployment.',
    'CodeDeploy starts the new tasks in the second target group. The old tasks keep the traffic.',
    ...(ofType(template, 'AWS::Lambda::Function').some(isSmokeTest) ? ['The smoke test calls the new tasks through the test listener. If it fails, no production traffic has reached them.'] : []),
    `CodeDeploy shifts the traffic with ${group.Properties.DeploymentConfigName}.`,
    `${alarms || 'No'} rollback alarms monitor the two target groups. CodeDeploy rolls back on ${triggers.join(', ')}.`,
    `The old tasks keep running for ${termination.TerminationWaitTimeInMinutes} more minutes. Then CodeDeploy stops them.`,
  ].map((step, index) => `${index + 1}. ${step}`));
}

function isSmokeTest({ Properties }: Resource): boolean {
  return String(Properties.FunctionName).includes('smoke-test');
}

function describeParts(template: Template): string[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { Type, Metadata } of Object.values(template.Resources)) {
    const place = Metadata?.['aws:cdk:path']?.split('/') ?? [];
    const part = PARTS.find((name) => place[2] === name) ?? 'Others';
    const types = counts.get(part) ?? new Map<string, number>();
    counts.set(part, types.set(Type, (types.get(Type) ?? 0) + 1));
  }
  return heading('Resources by part', [...PARTS, 'Others'].filter((part) => counts.has(part)).flatMap((part) => {
    const types = [...counts.get(part) ?? []];
    const total = types.reduce((sum, [, count]) => sum + count, 0);
    const [first, ...others] = fold(types.map(([type, count]) => `${count} ${type.replace(/^AWS::/, '').replace('::', ' ')}`));
    return [`${part.padEnd(9)} ${String(total).padStart(3)}  ${first}`, ...others.map((line) => `${''.padEnd(15)}${line}`)];
  }));
}

/** Words with commas, in lines that fit a terminal. */
function fold(words: string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < MAX_LINE) {
      lines[lines.length - 1] = `${last}, ${word}`;
    } else {
      if (last !== undefined) { lines[lines.length - 1] = `${last},`; }
      lines.push(word);
    }
  }
  return lines;
}

function describeOutputs(template: Template): string[] {
  return heading('Outputs', Object.entries(template.Outputs).map(([id, { Description }]) => `${id.padEnd(34)} ${Description}`));
}

function describeNext(profile: string, outdir: string, templateFile: string): string[] {
  const certificate = profile === 'prod' ? ' (with an example certificate; pass your own with -c certificateArn=...)' : '';
  const command = profile === 'inventory'
    ? 'npm run demo -- default dev   (the profile inventory is for inspection only: its tasks have no egress)'
    : `npx cdk deploy --app ${outdir}   (requires credentials of a bootstrapped account)`;
  return heading('Next steps', [`Template: ${templateFile}${certificate}`, `Run: ${command}`]);
}

function ofType(template: Template, type: string): Resource[] {
  return Object.values(template.Resources).filter(({ Type }) => Type === type);
}

function heading(title: string, lines: string[]): string[] {
  return ['', title, ...lines.map((line) => `  ${line}`)];
}

function print(lines: string[]): void {
  console.log(lines.join('\n'));
}

import { Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { policyOf } from './resolve';
import { BlueGreenService, ContainerPlatform, Network } from '../../../../src';
import { createService, createStack, importedVpc } from '../../../helpers';

const MACHINE = 'AWS::StepFunctions::StateMachine';

function createShared(protectImages?: boolean) {
  const stack = createStack();
  const repository = ecr.Repository.fromRepositoryName(stack, 'Shared', 'shared');
  const platform = new ContainerPlatform(stack, 'Platform', { network: new Network(stack, 'Network'), repository });
  const service = new BlueGreenService(stack, 'Service', { platform, release: { protectImages } });
  return { stack, service };
}

function infosOf(stack: Parameters<typeof Annotations.fromStack>[0]): string[] {
  return Annotations.fromStack(stack).findInfo('*', Match.anyValue()).map(({ entry }) => entry.data as string)
    .filter((text) => text.includes('protectImages') || text.includes('lifecycle policy'));
}

test('a repository of the platform gets its rules before the rule for all images, and no info', () => {
  const stack = createStack();
  createService(stack);
  expect(infosOf(stack)).toEqual([]);
  const { rules } = JSON.parse(policyOf(Template.fromStack(stack))) as { rules: { selection: object }[] };
  expect(rules.map(({ selection }) => selection)).toEqual([
    { tagStatus: 'tagged', tagPatternList: ['live-*'], countType: 'imageCountMoreThan', countNumber: 1000 },
    { tagStatus: 'tagged', tagPatternList: ['released-*'], countType: 'imageCountMoreThan', countNumber: 10 },
    { tagStatus: 'tagged', tagPatternList: ['build-*'], countType: 'sinceImagePushed', countNumber: 30, countUnit: 'days' },
    { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
  ]);
});

test('two services of a platform share the rules', () => {
  const stack = createStack();
  const platform = new ContainerPlatform(stack, 'Platform', {
    network: new Network(stack, 'Network'), maxImageCount: 3, candidateRetention: Duration.days(20),
  });
  ['One', 'Other'].forEach((id) => new BlueGreenService(stack, id, { platform }));
  const template = Template.fromStack(stack);
  template.resourceCountIs(MACHINE, 2);
  const { rules } = JSON.parse(policyOf(template)) as { rules: { selection: { countNumber: number } }[] };
  expect(rules.map(({ selection }) => selection.countNumber)).toEqual([1000, 3, 20, 3]);
});

test('rules of the user come after them, or fail', () => {
  const stack = createStack();
  const { platform } = createPlatform(stack);
  new BlueGreenService(stack, 'Service', { platform });
  const repository = platform.repository as ecr.Repository;
  repository.addLifecycleRule({ tagPrefixList: ['mine'], maxImageCount: 1 });
  const { rules } = JSON.parse(policyOf(Template.fromStack(stack))) as {
    rules: { rulePriority: number; selection: { tagPrefixList?: string[] } }[];
  };
  expect(rules.find(({ selection }) => selection.tagPrefixList)?.rulePriority).toBe(4);
});

test('an existing repository gets an info with the rules that it needs', () => {
  const { stack, service } = createShared();
  Template.fromStack(stack).resourceCountIs(MACHINE, 0);
  expect(service.imageMarkAlarm).toBeUndefined();
  const [info] = infosOf(stack);
  expect(info).toContain("an existing repository keeps its own lifecycle policy, which must never delete the image that runs. If you set 'release.protectImages: true'");
  const own = createStack();
  createService(own);
  const { rules } = JSON.parse(policyOf(Template.fromStack(own))) as { rules: { description?: string }[] };
  expect(JSON.parse(/\[\{.*\}\]/.exec(info)?.[0] ?? '')).toEqual(rules.slice(0, 3).map(({ description: _, ...rule }) => rule));
});

test('an existing repository gets marks if its user asks for them, and the rules as an info', () => {
  const { stack, service } = createShared(true);
  Template.fromStack(stack).resourceCountIs(MACHINE, 1);
  expect(service.imageMarkAlarm).toBeDefined();
  expect(infosOf(stack)).toEqual([expect.stringContaining('For the marks, its rules must begin with [{"rulePriority":1,')]);
});

test('an imported platform counts as one with an existing repository', () => {
  const stack = createStack();
  const network = new Network(stack, 'Network', { vpc: importedVpc(stack) });
  const { cluster, repository } = new ContainerPlatform(stack, 'Platform', { network });
  const platform = ContainerPlatform.fromContainerPlatformAttributes(stack, 'Given', { network, cluster, repository });
  new BlueGreenService(stack, 'Service', { platform });
  Template.fromStack(stack).resourceCountIs(MACHINE, 0);
  expect(infosOf(stack)).toHaveLength(1);
});

test('without marks, an info names the consequence', () => {
  const stack = createStack();
  createService(stack, { release: { protectImages: false } });
  expect(infosOf(stack)).toEqual([expect.stringContaining("'release.protectImages' is false, so the lifecycle rules of the repository can delete the image that runs")]);
});

test('the retention of candidates fails if no service marks its images', () => {
  const stack = createStack();
  const { platform } = createPlatform(stack, Duration.days(20));
  new BlueGreenService(stack, 'Service', { platform, release: { protectImages: false } });
  expect(() => Template.fromStack(stack)).toThrow("'candidateRetention' has no effect, because no service of this platform marks its images");
});

function createPlatform(stack: ReturnType<typeof createStack>, candidateRetention?: Duration) {
  return { platform: new ContainerPlatform(stack, 'Platform', { network: new Network(stack, 'Network'), candidateRetention }) };
}

import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { histories, Player } from './history';
import { faultsOf } from './interpreter';
import { definitionOf, policyOf } from './resolve';
import { Definition, ServiceError, World } from './world';
import { parsePolicy } from '../../../../packages/rehearsal/src/image-lifecycle/policy';
import { ImageRepository } from '../../../../packages/rehearsal/src/image-lifecycle/repository';
import { BlueGreenPythonPipeline } from '../../../../src';
import { onlyResource, resourcesOf, synthesizePattern, synthesizeService } from '../../../helpers';

const { template } = synthesizePattern({ environmentSuffix: 'dev' });
const { template: unmarked } = synthesizePattern({ service: { release: { protectImages: false } } });
const DEFINITION = definitionOf(template);

function createWorld(definition = DEFINITION, tagRenewsPushTime = false): World {
  return new World(new ImageRepository(parsePolicy(policyOf(template)), { tagRenewsPushTime }), definition);
}

/** Pushes the image of a build, and releases it. */
function releaseNew(world: World, name: string): void {
  world.push(`sha256:${name}`, `build-${name}`);
  world.release(`sha256:${name}`);
}

/** The marks of each image, without the prefix that all marks of the service share. */
function marksOf(world: World, ...names: string[]): string[][] {
  return names.map((name) => (world.repository.find(`sha256:${name}`)?.tags ?? [])
    .filter((tag) => !tag.startsWith('build-')).map((tag) => tag.split('-')[0]).sort());
}

const record = (live: string, previous: string, retired: string) =>
  JSON.stringify({ live, previous, retired }).replace(/"(\w)"/g, '"sha256:$1"');

describe('an execution after a successful deployment', () => {
  test('has a valid definition, whose paths and ARNs are valid too', () => {
    expect(faultsOf(DEFINITION)).toBe('');
    expect(faultsOf({ ...DEFINITION, StartAt: 'Nowhere' })).toContain('StartAt');
  });

  test('marks nothing while the placeholder is live', async () => {
    const world = createWorld();
    const actions: string[] = [];
    await world.execute((action) => { actions.push(action); });
    expect(actions).toEqual(['ecs:describeServices', 'ecs:describeTaskDefinition']);
  });

  test('marks the image that is live, and the one before it, and no other', async () => {
    const world = createWorld();
    for (const name of ['a', 'b', 'c']) {
      releaseNew(world, name);
      await world.execute();
    }
    expect(marksOf(world, 'a', 'b', 'c')).toEqual([['released'], ['live', 'released'], ['live', 'released']]);
    expect(world.record).toBe(record('c', 'b', 'a'));
  });

  test('keeps the mark of an image that is live again', async () => {
    const world = createWorld();
    for (const name of ['a', 'b']) {
      releaseNew(world, name);
      await world.execute();
    }
    world.release('sha256:a');
    await world.execute();
    expect(world.record).toBe(record('a', 'b', 'a'));
    expect(marksOf(world, 'a', 'b')).toEqual([['live', 'released'], ['live', 'released']]);
  });

  test('changes nothing when it is repeated, or when the same image is released again', async () => {
    const world = createWorld();
    for (const name of ['a', 'b']) {
      releaseNew(world, name);
      await world.execute();
    }
    const before = [world.record, world.repository.find('sha256:a'), world.repository.find('sha256:b')];
    await world.execute();
    world.release('sha256:b');
    await world.execute();
    expect([world.record, world.repository.find('sha256:a'), world.repository.find('sha256:b')]).toEqual(before);
  });

  test('marks an image whose tags somebody removed', async () => {
    const world = createWorld();
    world.repository.putUntagged('sha256:a', 0);
    world.release('sha256:a');
    await world.execute();
    expect(marksOf(world, 'a')).toEqual([['live', 'released']]);
  });

  test('goes on if a mark appears between its look and its call', async () => {
    const world = createWorld();
    releaseNew(world, 'a');
    await world.execute((action, call) => {
      if (action !== 'ecr:putImage') { return; }
      if (call === 5) { throw new ServiceError('Ecr.ImageTagAlreadyExistsException'); }
      if (call === 6) { throw new ServiceError('Ecr.ImageAlreadyExistsException'); }
    });
    expect(world.record).toBe(record('a', 'none', 'none'));
  });

  test('that is late leaves the record to the release that is live by now, and still marks its own image', async () => {
    const world = createWorld();
    releaseNew(world, 'a');
    await world.execute();
    releaseNew(world, 'b');
    await world.execute(async (action) => {
      if (action !== 'ecr:putImage' || world.released.length > 2) { return; }
      releaseNew(world, 'c');
      await world.execute();
    });
    expect(world.record).toBe(record('c', 'a', 'none'));
    expect(marksOf(world, 'a', 'b', 'c')).toEqual([['live', 'released'], ['live', 'released'], ['live', 'released']]);
  });

  test.each(['ssm:getParameter', 'ssm:putParameter', 'ecr:batchDeleteImage'])(
    'looks again at what is live after %s failed, and then succeeds', async (failing) => {
      const world = createWorld();
      for (const name of ['a', 'b']) {
        releaseNew(world, name);
        await world.execute();
      }
      releaseNew(world, 'c');
      const actions: string[] = [];
      await world.execute((action) => {
        actions.push(action);
        if (action === failing && actions.filter((each) => each === failing).length <= 6) { throw new ServiceError('Ssm.InternalServerError'); }
      });
      // before the marks, before the record, and after each four failures
      expect(actions.filter((action) => action === 'ecs:describeServices')).toHaveLength(3);
      expect(marksOf(world, 'a')).toEqual([['released']]);
      expect(world.record).toBe(record('c', 'b', 'a'));
    });

  test('fails after 31 attempts to add a mark', async () => {
    const world = createWorld();
    releaseNew(world, 'a');
    let attempts = 0;
    await expect(world.execute((action) => {
      if (action !== 'ecr:putImage') { return; }
      attempts += 1;
      throw new ServiceError('Ecr.ServerException');
    })).rejects.toThrow('Ecr.ServerException');
    expect(attempts).toBe(31);
  });

  test('fails at once if the live image is not in the repository', async () => {
    const world = createWorld();
    world.release('sha256:gone');
    const actions: string[] = [];
    await expect(world.execute((action) => { actions.push(action); })).rejects.toThrow('Ecr.ImageNotFoundException');
    expect(actions).toEqual(['ecs:describeServices', 'ecs:describeTaskDefinition', 'ecr:describeImages']);
  });
});

describe('over months', () => {
  interface Wrong {
    readonly policy?: (text: string) => string;
    readonly definition?: (text: string) => string;
    readonly marks?: boolean;
  }

  /** Whether the images that are needed are there in all histories. */
  async function check(wrong: Wrong, parameters: { readonly numRuns: number; readonly seed?: number }) {
    const { policy = (text) => text, definition = (text) => text, marks = true } = wrong;
    const changed = JSON.parse(definition(JSON.stringify(DEFINITION))) as Definition;
    const counts = fc.integer({ min: 1, max: 4 });
    return fc.check(fc.asyncProperty(histories, counts, fc.boolean(), async (history, maxImageCount, renews) => {
      const text = policy(policyOf(marks ? template : unmarked))
        .replace(/"countNumber":10\b/g, `"countNumber":${maxImageCount}`);
      const world = new World(new ImageRepository(parsePolicy(text), { tagRenewsPushTime: renews }), changed);
      return await new Player(world, maxImageCount, marks).play(history) === undefined;
    }), { ...parameters, endOnFailure: true });
  }

  test('the image that is live and the one before it are always there', async () => {
    const { failed, counterexample, seed } = await check({}, { numRuns: 500 });
    expect({ failed, counterexample, seed }).toEqual({ failed: false, counterexample: null, seed });
  });

  // each of these is a design that was considered: the histories must tell it from the one above
  test.each<[string, Wrong]>([
    ['all images count, without marks', { marks: false }],
    ['live images have no rule', { policy: (text) => text.replace('live-*', 'other-*') }],
    ['a late execution changes the record, too', {
      definition: (text) => text.replace('"Next":"ReadRecord"}],"Default":"Done"', '"Next":"ReadRecord"}],"Default":"ReadRecord"'),
    }],
    ['only the live image is marked', {
      definition: (text) => text.replace('"retired.$":"$.record.Value.previous"', '"retired.$":"$.record.Value.live"')
        .replace(/,\{"Not":\{"Variable":"\$.record.Value.retired","StringEqualsPath":"\$.record.Value.previous"\}\}/, ''),
    }],
    ['candidates expire before a release can end', { policy: (text) => text.replace('"countNumber":30', '"countNumber":14') }],
  ])('the histories find out if %s', async (_, wrong) => {
    const { errorInstance, failed } = await check(wrong, { numRuns: 3000, seed: 1 });
    // and not by an error of the harness
    expect({ failed, error: String(errorInstance) }).toEqual({ failed: true, error: 'Error: Property failed by returning false' });
  });
});

describe('the marks of a service', () => {
  test('are started by each successful deployment of its deployment group, and by no other event', () => {
    const [id] = onlyResource(template, 'AWS::StepFunctions::StateMachine');
    const rules = Object.values(resourcesOf(template, 'AWS::Events::Rule'))
      .filter(({ Properties }) => JSON.stringify(Properties.Targets).includes(`"${id}"`));
    expect(rules.map(({ Properties }) => Properties.EventPattern)).toEqual([{
      'source': ['aws.codedeploy'],
      'detail-type': ['CodeDeploy Deployment State-change Notification'],
      'resources': [{ 'Fn::Join': ['', expect.arrayContaining([':deploymentgroup:'])] }],
      'detail': { state: ['SUCCESS'] },
    }]);
  });

  test('have names with the suffix', () => {
    expect(onlyResource(template, 'AWS::StepFunctions::StateMachine')[1].Properties.StateMachineName).toBe('orders-image-marks-dev');
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/orders-live-images-dev', Type: 'String', Value: record('none', 'none', 'none') });
  });

  test('have an alarm on every way to miss one, which stops no release', () => {
    const alarms = Object.entries(resourcesOf(template, 'AWS::CloudWatch::Alarm')).filter(([id]) => id.includes('ImageMarks'));
    expect(alarms).toHaveLength(1);
    const [[id, { Properties }]] = alarms;
    const metrics = Properties.Metrics as { MetricStat?: { Metric: { MetricName: string } }; Expression?: string }[];
    expect(metrics.flatMap(({ MetricStat }) => MetricStat ? [MetricStat.Metric.MetricName] : []))
      .toEqual(['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted', 'FailedInvocations']);
    expect(metrics.flatMap(({ Expression }) => Expression ?? [])).toEqual(['FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0) + FILL(notStarted, 0)']);
    expect(JSON.stringify(onlyResource(template, 'AWS::CodeDeploy::DeploymentGroup'))).not.toContain(id);
    const alerts = Object.values(resourcesOf(template, 'AWS::Events::Rule')).filter(({ Properties: { EventPattern } }) => JSON.stringify(EventPattern).includes(id));
    expect(alerts).toHaveLength(1);
  });

  test('differ between services that share a repository, in one account or in two', () => {
    const places = [['Orders', '111111111111'], ['Stock', '111111111111'], ['Orders', '222222222222'], ['Orders', undefined]];
    const prefixes = places.map(([id, account]) => {
      const stack = new Stack(new App(), 'Stack', { env: { account, region: 'eu-west-1' } });
      new BlueGreenPythonPipeline(stack, id!, { applicationName: 'shop' });
      return /live-shop-([0-9a-f]{8})-\{\}/.exec(JSON.stringify(definitionOf(Template.fromStack(stack))))?.[1];
    });
    expect(new Set(prefixes).size).toBe(places.length);
    expect(prefixes).not.toContain(undefined);
  });

  test('can be left out, with everything that belongs to them', () => {
    const { template: without, construct } = synthesizeService({ release: { protectImages: false } });
    for (const type of ['AWS::StepFunctions::StateMachine', 'AWS::SSM::Parameter', 'AWS::Events::Rule']) {
      without.resourceCountIs(type, 0);
    }
    expect(construct.imageMarkAlarm).toBeUndefined();
    expect(policyOf(without)).not.toContain('live-');
  });
});

import { App, CfnResource, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as sns from 'aws-cdk-lib/aws-sns';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { SENSIBLE } from './sensible-stacks';
import { BlueGreenPythonPipeline, TemplateChecks } from '../../src';
import { RULES } from '../../src/template-checks/private/rules';
import { LONGEST } from '../../src/template-checks/private/text';

const FIX = RULES.find(({ id }) => id === 'listener-ports')?.fix;
const TWICE = 'already has the listener';
const NOT_LET_IN = 'whose policy does not allow cloudwatch.amazonaws.com to do so for it';

/** Two listeners on one port, which nothing at synthesis but a rule of this library sees. */
function breakPorts(scope: Construct): void {
  const listener = (id: string) => new CfnResource(scope, id, {
    type: 'AWS::ElasticLoadBalancingV2::Listener', properties: { LoadBalancerArn: 'arn:balancer', Port: 80, Protocol: 'HTTP' },
  });
  listener('Former');
  listener('Latter');
}

function createAlarm(scope: Construct): cloudwatch.Alarm {
  const metric = new cloudwatch.Metric({ namespace: 'Own', metricName: 'Errors' });
  return new cloudwatch.Alarm(scope, 'Alarm', { metric, threshold: 1, evaluationPeriods: 1 });
}

/** A pattern whose deploy action looks for an artifact that nobody makes. */
function breakPattern(pattern: BlueGreenPythonPipeline): BlueGreenPythonPipeline {
  const pipeline = pattern.pipeline.codePipeline.node.defaultChild as codepipeline.CfnPipeline;
  pipeline.addPropertyOverride('Stages.2.Actions.0.InputArtifacts.0.Name', 'Nothing');
  return pattern;
}

function messageOf(app: App): string {
  try {
    app.synth();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

function times(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('in an app of a user\'s', () => {
  test('ends the synthesis with the construct, what is wrong, the remedy and how to acknowledge it', () => {
    const app = new App();
    Validations.of(app).addPlugins(new TemplateChecks());
    breakPorts(new Stack(app, 'Stack'));
    const message = messageOf(app);
    expect(message).toContain(`ERROR the load balancer ${TWICE} Former on the port "80" (TemplateChecks)`);
    expect(message).toContain('Stack/Latter (Latter)');
    expect(message).toContain(`Suggested fix: ${FIX}`);
    expect(message).toContain("Acknowledge with 'TemplateChecks::listener-ports'");
  });

  test('judges stacks in stages and nested stacks', () => {
    const app = new App();
    Validations.of(app).addPlugins(new TemplateChecks());
    breakPorts(new Stack(new Stage(app, 'Prod'), 'Stack'));
    breakPorts(new NestedStack(new NestedStack(new Stack(app, 'Outer'), 'Middle'), 'Inner'));
    const message = messageOf(app);
    expect(message).toContain('Prod/Stack/Latter (Latter)');
    expect(message).toContain('Outer/Middle/Inner/Latter (Latter)');
    expect(times(message, TWICE)).toBe(2);
  });

  test('judges stacks of several environments, each once', () => {
    const app = new App();
    Validations.of(app).addPlugins(new TemplateChecks());
    ['eu-west-1', 'us-east-1'].forEach((region) => breakPorts(new Stack(app, region, { env: { account: '111111111111', region } })));
    const message = messageOf(app);
    expect(message).toContain('eu-west-1/Latter (Latter)');
    expect(message).toContain('us-east-1/Latter (Latter)');
    expect(times(message, TWICE)).toBe(2);
  });

  test('leaves what is acknowledged, for the whole app as CDK has it', () => {
    const app = new App();
    Validations.of(app).addPlugins(new TemplateChecks());
    const stack = new Stack(app, 'Stack');
    breakPorts(stack);
    Validations.of(stack).acknowledge({ id: 'TemplateChecks::listener-ports', reason: 'one of them is removed by hand' });
    expect(messageOf(app)).toBe('');
  });

  test('tells of the same thing again in the next synthesis', () => {
    const app = new App();
    Validations.of(app).addPlugins(new TemplateChecks());
    breakPorts(new Stack(app, 'Stack'));
    expect([messageOf(app), messageOf(app)].map((message) => times(message, TWICE))).toEqual([1, 1]);
  });

  test.each(Object.entries(SENSIBLE))('has nothing against %s', (_, addTo) => {
    const app = new App();
    Validations.of(app).addPlugins(new TemplateChecks());
    addTo(app);
    expect(messageOf(app)).toBe('');
  });

  test('sees what CDK forgets: an alarm may not publish to a topic whose policy it did not extend', () => {
    const app = new App();
    Validations.of(app).addPlugins(new TemplateChecks());
    const stack = new Stack(app, 'Stack');
    createAlarm(stack).addAlarmAction(new SnsAction(new sns.Topic(stack, 'Topic', { enforceSSL: true })));
    expect(messageOf(app)).toContain(NOT_LET_IN);
  });

  test('measures names by the longest region outside of the isolated partitions', () => {
    const regions = RegionInfo.regions.map(({ name }) => name).filter((name) => !name.startsWith('us-iso'));
    expect(LONGEST['AWS::Region']).toHaveLength(Math.max(...regions.map(({ length }) => length)));
    expect(regions).toContain(LONGEST['AWS::Region']);
  });

  test('names its rules', () => {
    expect(new TemplateChecks().ruleIds).toEqual(RULES.map(({ id }) => id));
  });
});

describe('in the pattern', () => {
  test('ends the synthesis when an override breaks a reference', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    breakPattern(new BlueGreenPythonPipeline(stack, 'Orders'));
    const message = messageOf(app);
    expect(message).toContain('ERROR the input artifact "Nothing" of the action Deploy/Deploy is not an output artifact of an earlier action; available: "Source", "Build" (TemplateChecks)');
    expect(message).toMatch(/Stack\/Orders\/Pipeline\/\w+\/Resource \(OrdersPipeline[0-9A-F]{8}\)|Stack\/Orders\/Pipeline\/Resource/);
  });

  test('judges its own resources only', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    new BlueGreenPythonPipeline(stack, 'Orders');
    breakPorts(stack);
    breakPorts(new Stack(app, 'Other'));
    expect(messageOf(app)).toBe('');
  });

  test.each([[[]], [[new TemplateChecks()]]])('tells once of an alarm beside it that may not publish to its topic, at the topic', (plugins) => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    plugins.forEach((plugin) => Validations.of(app).addPlugins(plugin));
    // with a queue alarms of the account may publish
    const pattern = new BlueGreenPythonPipeline(stack, 'Orders', { alerts: { keepUndelivered: false } });
    createAlarm(stack).addAlarmAction(new SnsAction(pattern.alerts.topic));
    const message = messageOf(app);
    expect(times(message, NOT_LET_IN)).toBe(1);
    expect(message).toContain('Stack/Orders/Alerts/Topic');
  });

  test('two of them in one stack, and a plugin of the app, tell of each thing once', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    Validations.of(app).addPlugins(new TemplateChecks());
    breakPattern(new BlueGreenPythonPipeline(stack, 'Orders'));
    breakPattern(new BlueGreenPythonPipeline(stack, 'Bills'));
    breakPorts(stack);
    const message = messageOf(app);
    expect(times(message, 'is not an output artifact of an earlier action')).toBe(2);
    expect(message).toContain('Stack/Orders/Pipeline');
    expect(message).toContain('Stack/Bills/Pipeline');
    expect(times(message, TWICE)).toBe(1);
  });

  test('judges itself in a stage and in a nested stack', () => {
    const app = new App();
    breakPattern(new BlueGreenPythonPipeline(new Stack(new Stage(app, 'Prod'), 'Stack'), 'Orders'));
    breakPattern(new BlueGreenPythonPipeline(new NestedStack(new Stack(app, 'Outer'), 'Inner'), 'Orders'));
    const message = messageOf(app);
    expect(message).toContain('Prod/Stack/Orders/Pipeline');
    expect(message).toContain('Outer/Inner/Orders/Pipeline');
    expect(times(message, 'Suggested fix')).toBe(times(message, '(TemplateChecks)'));
  });

  test('registers one plugin for each stage, however many patterns there are', () => {
    const app = new App();
    const stage = new Stage(app, 'Prod');
    const registered = jest.spyOn(Validations.prototype, 'addPlugins');
    for (const scope of [app, stage]) {
      ['One', 'Two', 'Three'].forEach((id) => new BlueGreenPythonPipeline(new Stack(scope, id), 'Orders'));
    }
    const plugins = registered.mock.calls.flat();
    registered.mockRestore();
    expect(plugins).toHaveLength(2);
    // CDK hashes the assembly for each plugin, not for each stage that has it
    expect(new Set(plugins).size).toBe(1);
  });

  test.each<[string, (app: App) => Construct]>([
    ['the app', (app) => app],
    ['a stage', (app) => new Stage(app, 'Prod')],
    ['a construct above the stacks', (app) => new Construct(app, 'Group')],
  ])('judges the stacks of %s, beside those of others', (_scope, scopeIn) => {
    const app = new App();
    const scope = scopeIn(app);
    TemplateChecks.addTo(scope);
    breakPorts(new Stack(scope, 'Under'));
    breakPattern(new BlueGreenPythonPipeline(new Stack(app, 'Beside'), 'Orders'));
    const message = messageOf(app);
    expect(message).toContain('Under/Latter');
    expect(message).toContain('Beside/Orders/Pipeline');
    expect(times(message, TWICE)).toBe(1);
  });

  test('may be registered twice for one scope', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    [stack, stack].forEach((scope) => TemplateChecks.addTo(scope));
    breakPorts(stack);
    expect(times(messageOf(app), TWICE)).toBe(1);
  });

  test('judges stacks that are made under it', () => {
    const app = new App();
    const pattern = new BlueGreenPythonPipeline(new Stack(app, 'Stack'), 'Orders');
    breakPorts(new Stack(pattern, 'Replica'));
    expect(messageOf(app)).toContain('Stack/Orders/Replica/Latter');
  });

  test('may be made outside of any app', () => {
    const root = new Stack(new Construct(undefined as unknown as Construct, ''), 'Stack');
    expect(() => TemplateChecks.addTo(root)).not.toThrow();
  });

  test('is judged alike again, since nothing is kept', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    new BlueGreenPythonPipeline(stack, 'Orders');
    const { templateFullPath: templatePath, hierarchicalId: stackConstructPath } = app.synth().getStackByName('Stack');
    const context = {
      templatePaths: [templatePath],
      stackTemplates: [{ stackConstructPath, templatePath }],
      accountId: undefined,
      region: undefined,
      appConstruct: app,
    };
    const checks = new TemplateChecks();
    const once = checks.validate(context);
    expect(once).toEqual({ success: true, violations: [] });
    expect(checks.validate(context)).toEqual(once);
  });
});

import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { BlueGreenPythonPipeline, BlueGreenServiceProps, BootstrapImage } from '../../src';
import { createStack, deliveredFile, onlyResource, synthesizePattern, synthesizeService, textOf } from '../helpers';

const SERVICE = 'AWS::ECS::Service';
const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('another revision of the service', () => {
  const secrets = (stack: Stack) => ({ PASSWORD: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'orders')) });
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders', {
    environmentSuffix: 'dev',
    service: { serviceRevision: 2, bootstrapImage: BootstrapImage.fromRelease(DIGEST), command: ['serve'], secrets: secrets(stack) },
  });
  const template = Template.fromStack(stack);

  test('has another id and another name, so that CloudFormation makes it before it removes the former one', () => {
    const [id, { Properties }] = onlyResource(template, SERVICE);
    const [formerId, { Properties: former }] = onlyResource(synthesizePattern({ environmentSuffix: 'dev' }).template, SERVICE);
    expect(id).not.toBe(formerId);
    expect([former.ServiceName, Properties.ServiceName]).toEqual(['orders-web-dev', 'orders-web-r2-dev']);
  });

  test('starts as the application: the image of a release, with its command and its secrets', () => {
    const [, { Properties }] = onlyResource(template, 'AWS::ECS::TaskDefinition');
    const [container] = Properties.ContainerDefinitions as {
      Image: unknown;
      Command: string[];
      Secrets: {
        Name: string;
      }[];
    }[];
    expect(textOf(container.Image)).toContain(`@${DIGEST}`);
    expect(container.Command).toEqual(['serve']);
    expect(container.Secrets.map(({ Name }) => Name)).toEqual(['PASSWORD']);
  });

  test('and its releases have each secret once', () => {
    const { containerDefinitions: [container] } = JSON.parse(deliveredFile(template, 'taskdef.json'));
    expect(container).toMatchObject({ image: '<IMAGE1_NAME>', command: ['serve'] });
    expect(container.secrets.map(({ name }: { name: string }) => name)).toEqual(['PASSWORD']);
  });
});

test.each<[string, Partial<BlueGreenServiceProps>, string]>([
  ['a placeholder from the second revision on', { serviceRevision: 2 },
    "'bootstrapImage' must be the application if 'serviceRevision' is 2 or more, got a placeholder (the default of 'bootstrapImage') with 2; production would serve the placeholder until the next release: "
    + "use BootstrapImage.fromRelease('sha256:...') with the digest of the running image"],
  ['an image of unknown contents from the second revision on', { serviceRevision: 3, bootstrapImage: BootstrapImage.fromImage(ecs.ContainerImage.fromRegistry('x')) },
    "'bootstrapImage' must be the application if 'serviceRevision' is 2 or more, got a placeholder with 3"],
  ['a tag for a release', { bootstrapImage: BootstrapImage.fromRelease('latest') },
    "'bootstrapImage.imageDigest' must be 'sha256:' and 64 hexadecimal digits, because a tag can move or expire, got \"latest\""],
])('fails with %s', (_name, props, message) => {
  expect(() => synthesizeService(props)).toThrow(message);
});

test('the image of a release may be what a first revision starts with', () => {
  const { template } = synthesizeService({ bootstrapImage: BootstrapImage.fromRelease(DIGEST) });
  expect(onlyResource(template, SERVICE)[0]).toBe(onlyResource(synthesizeService().template, SERVICE)[0]);
});

import { Aws, CfnResource } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { BlueGreenService, BootstrapImage, ContainerPlatform, Network, NetworkEgress } from '../../../../src';
import { createStack } from '../../../helpers';

/** Synthesizes a service in a network without internet access. */
function synthesize(add: (service: BlueGreenService) => void, egress = NetworkEgress.privateEndpoints()): void {
  const stack = createStack();
  const network = new Network(stack, 'Network', { egress, flowLogs: false });
  const platform = new ContainerPlatform(stack, 'Platform', { network });
  const images = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
  add(new BlueGreenService(stack, 'Service', {
    platform, bootstrapImage: BootstrapImage.python(ecs.ContainerImage.fromEcrRepository(images, 'python')),
  }));
  Template.fromStack(stack);
}

const sidecar = (image: string) => ({ taskDefinition }: BlueGreenService) => {
  taskDefinition.addContainer('agent', { image: ecs.ContainerImage.fromRegistry(image) });
};

const router = (image: string) => ({ taskDefinition }: BlueGreenService) => {
  taskDefinition.addFirelensLogRouter('agent', { image: ecs.ContainerImage.fromRegistry(image), firelensConfig: { type: ecs.FirelensLogRouterType.FLUENTBIT } });
};

test.each<[string, (image: string) => (service: BlueGreenService) => void, string]>([
  ['a sidecar', sidecar, 'public.ecr.aws/datadog/agent:7'],
  ['a sidecar', sidecar, 'envoyproxy/envoy:v1.30'],
  ['a sidecar', sidecar, 'nginx'],
  ['a sidecar', sidecar, 'ghcr.io/acme/agent'],
  ['a log router', router, 'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable'],
])('%s with the image of a public registry fails in a network without internet access', (_name, add, image) => {
  expect(() => synthesize(add(image))).toThrow(`[Stack/Service/TaskDefinition] the image of the container "agent" must be one that the tasks can pull, got "${image}" in subnets without internet access; `
    + 'copy it to your own ECR repository, or use a pull-through cache of ECR');
});

test('an image that an override sets fails, too', () => {
  expect(() => synthesize((service) => {
    sidecar('registry.acme.example/agent')(service);
    (service.taskDefinition.node.defaultChild as CfnResource).addPropertyOverride('ContainerDefinitions.1.Image', 'nginx');
  })).toThrow('got "nginx" in subnets without internet access');
});

test.each<[string, (service: BlueGreenService) => void]>([
  ['of a private registry', sidecar('registry.acme.example/agent')],
  ['of ECR', sidecar('111111111111.dkr.ecr.eu-west-1.amazonaws.com/agent:1')],
  ['of a pull-through cache of ECR', sidecar(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.amazonaws.com/ecr-public/datadog/agent:7`)],
  ['of a repository of the stack', ({ taskDefinition }) => {
    taskDefinition.addContainer('agent', { image: ecs.ContainerImage.fromEcrRepository(new ecr.Repository(taskDefinition, 'Agent')) });
  }],
])('an image %s passes', (_name, add) => {
  expect(() => synthesize(add)).not.toThrow();
});

test('any image passes in a network with internet access', () => {
  expect(() => synthesize(sidecar('nginx'), NetworkEgress.natGateways(1))).not.toThrow();
});

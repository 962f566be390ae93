import { containersOf, TASK_DEFINITION } from './tasks';
import { Finding, Resource, Rule, Template, Value } from './template';
import { listed, shown } from './text';

export const SERVICE = 'AWS::ECS::Service';
export const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

/** The task definition of a service. A family name refers to its newest revision. */
export function definitionOf(service: Resource): Resource | undefined {
  return service.at('TaskDefinition').resource(TASK_DEFINITION);
}

const serviceContainer: Rule = {
  id: 'service-container',
  says: 'The load balancer settings of a service name a container of its task definition and a port of this container.',
  aws: 'Amazon ECS rejects the service: `The container ... does not exist in the task definition`, or `... did not have a container port ... defined`.',
  fix: 'Use the name of a container, and one of the ports in its port mappings.',
  *judge(template) {
    for (const service of template.ofType(SERVICE)) {
      const definition = definitionOf(service);
      if (definition && !definition.at('ContainerDefinitions').open) {
        yield* service.at('LoadBalancers').items.flatMap((target) => wrongContainer(target, containersOf(definition)));
      }
    }
  },
};

function wrongContainer(target: Value, containers: Value[]): Finding[] {
  const [name, port] = [target.at('ContainerName'), target.at('ContainerPort')];
  if (name.text === undefined || containers.some((container) => container.at('Name').text === undefined)) { return []; }
  const container = containers.find((candidate) => candidate.at('Name').text === name.text);
  if (!container) {
    const known = listed(containers.map((candidate) => shown(candidate.at('Name'))));
    return [name.finding(`the load balancer targets the container ${shown(name)}, but the task definition has ${known}`)];
  }
  const ports = container.at('PortMappings').items.map((mapping) => mapping.at('ContainerPort'));
  const undecided = port.number === undefined || container.at('PortMappings').open || ports.some(({ number }) => number === undefined);
  return undecided || ports.some(({ number }) => number === port.number) ? [] : [port.finding(
    `the load balancer targets the port ${shown(port)} of ${shown(name)}, but the container has ${listed(ports.map(shown))}`)];
}

const serviceTargetType: Rule = {
  id: 'service-target-type',
  says: 'Tasks with the network mode awsvpc, which Fargate requires, are targets of the type `ip`, and their service has subnets.',
  aws: 'Amazon ECS rejects the service: `The provided target group ... has target type instance, which is incompatible with the awsvpc network mode`.',
  fix: 'Set the target type of the target group to `ip`, and set subnets in the network configuration of the service.',
  *judge(template) {
    for (const service of template.ofType(SERVICE).filter(usesAwsvpc)) {
      const network = service.at('NetworkConfiguration');
      if (network.missing) {
        yield service.properties.finding('the tasks of the service use the network mode awsvpc, but the service has no NetworkConfiguration');
      }
      yield* service.at('LoadBalancers').items.flatMap((target) => {
        const type = target.at('TargetGroupArn').resource(TARGET_GROUP)?.at('TargetType');
        return !type || type.unknown || type.text === 'ip' ? [] : [type.finding(
          `the target type is ${shown(type)}, but must be "ip", since the tasks of ${service.id} use the network mode awsvpc`)];
      });
    }
  },
};

function usesAwsvpc(service: Resource): boolean {
  return definitionOf(service)?.at('NetworkMode').text === 'awsvpc';
}

const serviceGracePeriod: Rule = {
  id: 'service-grace-period',
  says: 'A service has a health check grace period only if it has a load balancer.',
  aws: 'Amazon ECS rejects the service: `Health check grace period is only valid for services configured to use load balancers`.',
  fix: 'Remove HealthCheckGracePeriodSeconds, or give the service a load balancer.',
  *judge(template: Template) {
    for (const service of template.ofType(SERVICE)) {
      const [period, targets] = [service.at('HealthCheckGracePeriodSeconds'), service.at('LoadBalancers')];
      if (period.number !== undefined && !targets.open && targets.items.length === 0) {
        yield period.finding(`the service has a grace period of ${shown(period)} seconds, but no load balancer`);
      }
    }
  },
};

export const SERVICE_RULES = [serviceContainer, serviceTargetType, serviceGracePeriod];

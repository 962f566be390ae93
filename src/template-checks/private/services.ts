import { containersOf, TASK_DEFINITION } from './tasks';
import { Finding, Resource, Rule, Template, Value } from './template';
import { listed, shown } from './text';

export const SERVICE = 'AWS::ECS::Service';
export const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

/** The task definition that a service starts with: its family stands for its newest revision. */
export function definitionOf(service: Resource): Resource | undefined {
  return service.at('TaskDefinition').resource(TASK_DEFINITION);
}

const serviceContainer: Rule = {
  id: 'service-container',
  says: 'Container name and port of a service\'s load balancers are those of a container of its task definition.',
  aws: 'The service is refused: `The container ... does not exist in the task definition`, or `... did not have a container port ... defined`.',
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
    return [name.finding(`the load balancer sends to the container ${shown(name)}, and the task definition has ${known}`)];
  }
  const ports = container.at('PortMappings').items.map((mapping) => mapping.at('ContainerPort'));
  const undecided = port.number === undefined || container.at('PortMappings').open || ports.some(({ number }) => number === undefined);
  return undecided || ports.some(({ number }) => number === port.number) ? [] : [port.finding(
    `the load balancer sends to port ${shown(port)} of ${shown(name)}, and the container has ${listed(ports.map(shown))}`)];
}

const serviceTargetType: Rule = {
  id: 'service-target-type',
  says: 'Tasks with an address of their own (awsvpc, so all of Fargate) are targets of the type `ip`, and their service has subnets.',
  aws: 'The service is refused: `The provided target group ... has target type instance, which is incompatible with the awsvpc network mode`.',
  fix: 'Set the target type `ip` at the target group, and subnets in the network configuration of the service.',
  *judge(template) {
    for (const service of template.ofType(SERVICE).filter(usesAwsvpc)) {
      const network = service.at('NetworkConfiguration');
      if (network.missing) {
        yield service.properties.finding('the tasks of the service have addresses of their own (awsvpc), and it has no NetworkConfiguration');
      }
      yield* service.at('LoadBalancers').items.flatMap((target) => {
        const type = target.at('TargetGroupArn').resource(TARGET_GROUP)?.at('TargetType');
        return !type || type.unknown || type.text === 'ip' ? [] : [type.finding(
          `the target type is ${shown(type)}, and the tasks of ${service.id} have addresses of their own (awsvpc), so it must be "ip"`)];
      });
    }
  },
};

function usesAwsvpc(service: Resource): boolean {
  return definitionOf(service)?.at('NetworkMode').text === 'awsvpc';
}

const serviceGracePeriod: Rule = {
  id: 'service-grace-period',
  says: 'A service has a grace period for health checks only if a load balancer makes some.',
  aws: 'The service is refused: `Health check grace period is only valid for services configured to use load balancers`.',
  fix: 'Remove HealthCheckGracePeriodSeconds, or give the service a load balancer.',
  *judge(template: Template) {
    for (const service of template.ofType(SERVICE)) {
      const [period, targets] = [service.at('HealthCheckGracePeriodSeconds'), service.at('LoadBalancers')];
      if (period.number !== undefined && !targets.open && targets.items.length === 0) {
        yield period.finding(`the service has a grace period of ${shown(period)} seconds and no load balancer`);
      }
    }
  },
};

export const SERVICE_RULES = [serviceContainer, serviceTargetType, serviceGracePeriod];

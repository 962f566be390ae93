import { balancersOf } from './load-balancing';
import { SERVICE, TARGET_GROUP } from './services';
import { Finding, Resource, Rule, Template, Value } from './template';
import { shown } from './text';
import { NOBODY } from '../../private/cdk-internals';

const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';

/** The property with the peer of a rule, by direction. */
const PEERS = { SecurityGroupIngress: 'SourceSecurityGroupId', SecurityGroupEgress: 'DestinationSecurityGroupId' } as const;
type Direction = keyof typeof PEERS;

/** A network path from a load balancer to the tasks of a service. */
interface Way {
  readonly service: Resource;
  readonly port: Value;
  readonly balancer: Resource;
  readonly from: Resource[];
  readonly to: Resource[];
}

/** The groups of a list, if all of them are in the template. */
function groupsOf(list: Value): Resource[] {
  const groups = list.items.map((item) => item.resource(SECURITY_GROUP));
  return groups.every((group) => group !== undefined) ? groups : [];
}

function waysOf(template: Template): Way[] {
  return template.ofType(SERVICE).flatMap((service) => {
    const to = groupsOf(service.at('NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups'));
    return service.at('LoadBalancers').items.flatMap((target) => {
      const group = target.at('TargetGroupArn').resource(TARGET_GROUP);
      const balancers = group ? balancersOf(group) : [];
      return balancers.map((balancer) => ({ service, port: target.at('ContainerPort'), balancer, from: groupsOf(balancer.at('SecurityGroups')), to }));
    });
  }).filter(({ from, to, port }) => from.length > 0 && to.length > 0 && port.number !== undefined);
}

/** The rules of a group: inline rules, and separate resources. */
function rulesOf(group: Resource, direction: Direction): Value[] {
  return [...group.at(direction).oneOrMore, ...rulesBeside(group, direction).map(({ properties }) => properties)];
}

function rulesBeside(group: Resource, direction: Direction): Resource[] {
  return group.template.ofType(`AWS::EC2::${direction}`).filter((rule) => isOf(rule.at('GroupId'), group));
}

/** Whether a group restricts egress. A group without egress rules allows all egress. */
function isClosed(group: Resource): boolean {
  return group.at('SecurityGroupEgress').oneOrMore.length > 0 || rulesBeside(group, 'SecurityGroupEgress').some(({ conditional }) => !conditional);
}

/** Whether a rule belongs to a group. A rule of an unknown group counts for each group. */
function isOf(named: Value, group: Resource): boolean {
  return named.referred === group || (named.unknown && !named.referred);
}

/** Whether a rule allows a port of one of the peers. Unknown values count as allowed. */
function lets(rule: Value, port: Value, direction: Direction, peers: Resource[]): boolean {
  const { referred } = rule.at(PEERS[direction]);
  const otherPeer = referred !== undefined && !peers.includes(referred);
  return hasPort(rule, port) && !otherPeer && !isNobody(rule);
}

/** Whether a rule contains a port. An unknown port counts as contained. */
function hasPort(rule: Value, port: Value): boolean {
  const { text: protocol = 'tcp' } = rule.at('IpProtocol');
  if (protocol === '-1') { return true; }
  const [least, most, wanted] = [rule.at('FromPort'), rule.at('ToPort'), port].map(({ number = NaN }) => number);
  return ['tcp', '6'].includes(protocol) && !(wanted < least || wanted > most);
}

function isNobody(rule: Value): boolean {
  return rule.at('CidrIp').text === NOBODY;
}

function blocked(groups: Resource[], { port }: Way, direction: Direction, peers: Resource[]): boolean {
  return !groups.some((group) => rulesOf(group, direction).some((rule) => lets(rule, port, direction, peers)));
}

const securityGroupIngress: Rule = {
  id: 'security-group-ingress',
  says: 'The security group of the tasks allows the load balancer on the container port.',
  aws: 'Nothing at first. The targets stay unhealthy, Amazon ECS starts new tasks again and again, and the deployment fails after an hour.',
  fix: 'Allow the security group of the load balancer on the container port (`connections.allowFrom` in CDK).',
  *judge(template) {
    yield* waysOf(template).filter((way) => blocked(way.to, way, 'SecurityGroupIngress', way.from))
      .map(({ service, port, balancer, to }): Finding => to[0].properties.finding(
        `no rule allows the load balancer ${balancer.id} on the port ${shown(port)}, on which the container of ${service.id} listens`));
  },
};

const securityGroupEgress: Rule = {
  id: 'security-group-egress',
  says: 'The security group of the load balancer allows egress to the tasks on the container port.',
  aws: 'Nothing at first. The targets stay unhealthy with `Request timed out`.',
  fix: 'Allow egress to the security group of the tasks on the container port.',
  *judge(template) {
    yield* waysOf(template)
      .filter(({ from }) => from.every(isClosed))
      .filter((way) => blocked(way.from, way, 'SecurityGroupEgress', way.to))
      .map(({ service, port, balancer, from }): Finding => from[0].properties.finding(
        `no rule allows egress of the load balancer ${balancer.id} to the port ${shown(port)}, on which the container of ${service.id} listens`));
  },
};

export const SECURITY_GROUP_RULES = [securityGroupIngress, securityGroupEgress];

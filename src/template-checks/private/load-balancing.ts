import { TARGET_GROUP } from './services';
import { Resource, Rule, Template, Value } from './template';
import { shown, textOf } from './text';

export const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

/** The target groups that a list of actions forwards to. */
function forwardedBy(actions: Value): Value[] {
  return actions.items.flatMap((action) => [
    action.at('TargetGroupArn'),
    ...action.at('ForwardConfig', 'TargetGroups').items.map((target) => target.at('TargetGroupArn')),
  ]).filter(({ missing }) => !missing);
}

/** The target groups that a listener forwards to, in its default actions or in a rule. */
export function targetsOf(listener: Resource): Value[] {
  const rules = listener.template.ofType('AWS::ElasticLoadBalancingV2::ListenerRule')
    .filter((rule) => rule.at('ListenerArn').resource(LISTENER) === listener);
  return [...forwardedBy(listener.at('DefaultActions')), ...rules.flatMap((rule) => forwardedBy(rule.at('Actions')))];
}

/** Whether a listener may forward to target groups that the template does not show. */
export function forwardsToUnknown(listener: Resource): boolean {
  const actions = listener.at('DefaultActions');
  return actions.open || actions.items.some((action) => action.at('ForwardConfig').unknown || action.at('ForwardConfig', 'TargetGroups').open);
}

/** The load balancers of the template that forward to a target group. */
export function balancersOf(targetGroup: Resource): Resource[] {
  const listeners = targetGroup.template.ofType(LISTENER)
    .filter((listener) => targetsOf(listener).some((target) => target.resource(TARGET_GROUP) === targetGroup));
  return [...new Set(listeners.flatMap((listener) => listener.at('LoadBalancerArn').resource(LOAD_BALANCER) ?? []))];
}

const HTTP = /^HTTPS?$/;
const DEFAULT_INTERVAL = 30;
const DEFAULT_TIMEOUT = 5;

const healthCheckTimeout: Rule = {
  id: 'health-check-timeout',
  says: 'The timeout of a health check is shorter than its interval.',
  aws: 'Elastic Load Balancing rejects the target group: `Health check interval must be greater than the timeout`.',
  fix: 'Lower the timeout of the health check, or raise its interval.',
  *judge(template) {
    for (const group of template.ofType(TARGET_GROUP).filter(isHttp)) {
      const interval = numberOr(group.at('HealthCheckIntervalSeconds'), DEFAULT_INTERVAL);
      const timeout = numberOr(group.at('HealthCheckTimeoutSeconds'), DEFAULT_TIMEOUT);
      if (timeout >= interval) {
        yield group.at('HealthCheckTimeoutSeconds').finding(`the timeout of the health check is ${timeout} seconds, but its interval is ${interval} seconds`);
      }
    }
  },
};

function isHttp(group: Resource): boolean {
  return HTTP.test(group.at('Protocol').text ?? '') && group.at('TargetType').text !== 'lambda';
}

/** A number, or NaN if it is unknown: NaN compares as false. */
function numberOr(value: Value, fallback: number): number {
  return value.missing ? fallback : value.number ?? NaN;
}

const listenerPorts: Rule = {
  id: 'listener-ports',
  says: 'A load balancer has at most one listener on each port.',
  aws: 'Elastic Load Balancing rejects the second listener: `A listener already exists on this port for this load balancer`.',
  fix: 'Use another port for one of the listeners, or replace it with a rule of the other listener.',
  *judge(template) {
    const seen = new Map<string, Resource>();
    for (const listener of template.ofType(LISTENER).filter(({ conditional }) => !conditional)) {
      const [balancer, port] = [listener.at('LoadBalancerArn'), listener.at('Port')];
      // two references that cannot be resolved can look the same and differ
      if (balancer.missing || port.number === undefined || (balancer.unknown && !balancer.referred)) { continue; }
      const key = `${textOf(balancer)} ${port.number}`;
      const other = seen.get(key);
      if (other) { yield port.finding(`the load balancer already has the listener ${other.id} on the port ${shown(port)}`); }
      seen.set(key, listener);
    }
  },
};

const listenerCertificate: Rule = {
  id: 'listener-certificate',
  says: 'An HTTPS listener has a certificate, and an HTTP listener has none.',
  aws: 'Elastic Load Balancing rejects the listener: `A certificate must be specified for HTTPS listeners`.',
  fix: 'Set both a certificate and the protocol HTTPS, or neither.',
  *judge(template: Template) {
    for (const listener of template.ofType(LISTENER)) {
      const [protocol, certificates] = [listener.at('Protocol'), listener.at('Certificates')];
      const has = certificates.items.length > 0;
      if (protocol.text === 'HTTPS' && !has && !certificates.unknown) { yield protocol.finding('the HTTPS listener has no certificate'); }
      if (protocol.text === 'HTTP' && has) { yield certificates.finding('the HTTP listener has a certificate'); }
    }
  },
};

export const LOAD_BALANCING_RULES = [healthCheckTimeout, listenerPorts, listenerCertificate];

import { ServiceModel, Skipped } from './model';
import { Action } from './pipelines';
import { Located, References } from './references';
import { PipelineResources } from './resources';
import { Properties } from './template';

/** The architecture of the machine, as ECS names it. */
const HERE = process.arch === 'arm64' ? 'ARM64' : 'X86_64';

/** What a pipeline has besides hooks and alarms, and a rehearsal does not run. */
export function skippedParts(
  resources: PipelineResources, actions: readonly Action[], service: ServiceModel,
): Skipped[] {
  return [
    ...actions.map(({ stage, name, provider }) => ({
      what: `the action ${name} of the stage ${stage} (${provider})`,
      why: 'a rehearsal runs only the build and the deployment',
    })),
    ...listenerParts(resources),
    ...firewalls(resources),
    ...scaling(resources),
    ...taskParts(service),
  ];
}

function listenerParts({ references, listener, testListener }: PipelineResources): Skipped[] {
  const listeners = [listener, ...testListener ? [testListener] : []];
  return listeners.flatMap((each) => {
    const port = references.text(each, each.properties.Port);
    const rules = references.referring('AWS::ElasticLoadBalancingV2::ListenerRule', 'ListenerArn', each);
    const actions = [each, ...rules].flatMap((located) => actionsOf(references, located));
    return [
      ...String(references.text(each, each.properties.Protocol)) === 'HTTPS'
        ? [{ what: `HTTPS of the listener on port ${port}`, why: 'a rehearsal has no certificate, and sends its requests with HTTP' }] : [],
      ...actions.filter((type) => type.startsWith('authenticate-'))
        .map((type) => ({ what: `the action ${type} of the listener on port ${port}`, why: 'a rehearsal has no identity provider, and sends its requests without authentication' })),
      ...rules.length > 0
        ? [{ what: `${rules.length === 1 ? 'the rule' : `the ${rules.length} rules`} of the listener on port ${port}`, why: 'a rehearsal has only the default action, which CodeDeploy changes' }] : [],
    ];
  });
}

function actionsOf(references: References, located: Located): string[] {
  const { DefaultActions = [], Actions = DefaultActions } = references.propertiesOf(located) as {
    readonly DefaultActions?: readonly Properties[];
    readonly Actions?: readonly Properties[];
  };
  return Actions.map(({ Type }) => String(Type));
}

function firewalls({ references, loadBalancer }: PipelineResources): Skipped[] {
  const found = loadBalancer ? references.referring('AWS::WAFv2::WebACLAssociation', 'ResourceArn', loadBalancer) : [];
  return found.map(() => ({ what: 'the web ACL of AWS WAF', why: 'a rehearsal sends its requests past it' }));
}

function scaling({ references, service }: PipelineResources): Skipped[] {
  const targets = references.referring('AWS::ApplicationAutoScaling::ScalableTarget', 'ResourceId', service);
  const policies = targets.flatMap((target) => references.referring('AWS::ApplicationAutoScaling::ScalingPolicy', 'ScalingTargetId', target));
  return policies.length === 0 ? [] : [{ what: 'the scaling policies of the service', why: 'the number of tasks stays the same' }];
}

function taskParts({ task: { volumes = [], architecture = HERE } }: ServiceModel): Skipped[] {
  return [
    ...volumes.filter(({ kind }) => kind === 'elsewhere')
      .map(({ name }) => ({ what: `the content of the volume ${name}`, why: 'it is not on this machine, so the volume is empty' })),
    ...architecture === HERE ? []
      : [{ what: `the processor architecture ${architecture}`, why: `images are built and run for the ${HERE} of this machine` }],
  ];
}

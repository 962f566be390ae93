import { repositoryOf } from './build-project';
import { IncompleteStackError } from './errors';
import { FoundPipeline } from './pipelines';
import { Located, References } from './references';

/** The resources of a pipeline that a rehearsal requires. */
export interface PipelineResources {
  readonly references: References;
  readonly pipeline: Located;
  readonly project: Located;
  readonly deploymentGroup: Located;
  readonly service: Located;
  readonly taskDefinition: Located;
  readonly targetGroups: readonly [Located, Located];
  readonly listener: Located;
  readonly testListener?: Located;
  readonly loadBalancer?: Located;
  readonly repository?: Located;
}

interface GroupProperties {
  readonly ECSServices?: readonly { readonly ServiceName?: unknown }[];
  readonly LoadBalancerInfo?: LoadBalancerInfo;
}

interface LoadBalancerInfo {
  readonly TargetGroupPairInfoList?: readonly {
    readonly TargetGroups?: readonly { readonly Name?: unknown }[];
    readonly ProdTrafficRoute?: Route;
    readonly TestTrafficRoute?: Route;
  }[];
}

interface Route {
  readonly ListenerArns?: readonly unknown[];
}

/**
 * Finds the resources of a pipeline.
 *
 * @throws IncompleteStackError if the assembly does not have one that a rehearsal requires
 */
export function locate(found: FoundPipeline): PipelineResources {
  const { references, pipeline, project, spec } = found;
  const deploymentGroup = found.deploymentGroup ?? missing(found, 'deployment group of its deploy action');
  const { ECSServices = [], LoadBalancerInfo } = deploymentGroup.properties as GroupProperties;
  const service = references.find('AWS::ECS::Service', deploymentGroup, ECSServices[0]?.ServiceName)
    ?? missing(found, 'ECS service of its deployment group');
  const taskDefinition = references.find('AWS::ECS::TaskDefinition', service, service.properties.TaskDefinition)
    ?? missing(found, 'task definition of its service');
  return {
    references,
    pipeline,
    project,
    deploymentGroup,
    service,
    taskDefinition,
    ...locateTraffic(found, deploymentGroup, LoadBalancerInfo),
    repository: repositoryOf(references, project, spec),
  };
}

type Traffic = Pick<PipelineResources, 'targetGroups' | 'listener' | 'testListener' | 'loadBalancer'>;

function locateTraffic(found: FoundPipeline, group: Located, info: LoadBalancerInfo = {}): Traffic {
  const { references } = found;
  const { TargetGroupPairInfoList = [] } = info;
  const [{ TargetGroups = [], ProdTrafficRoute, TestTrafficRoute } = {}] = TargetGroupPairInfoList;
  const listener = listenerOf(references, group, ProdTrafficRoute)
    ?? missing(found, 'production listener of its deployment group');
  const groups = TargetGroups.flatMap(({ Name }) =>
    references.find('AWS::ElasticLoadBalancingV2::TargetGroup', group, Name) ?? []);
  const { LoadBalancerArn } = listener.properties;
  return {
    targetGroups: groups.length === 2 ? [groups[0], groups[1]] : missing(found, 'two target groups of its deployment group'),
    listener,
    testListener: listenerOf(references, group, TestTrafficRoute),
    loadBalancer: references.find('AWS::ElasticLoadBalancingV2::LoadBalancer', listener, LoadBalancerArn),
  };
}

function listenerOf(references: References, from: Located, route: Route = {}): Located | undefined {
  return references.find('AWS::ElasticLoadBalancingV2::Listener', from, route.ListenerArns?.[0]);
}

/** Fails, because the assembly does not have something that a rehearsal requires. */
export function missing({ path }: FoundPipeline, what: string): never {
  throw new IncompleteStackError(path, what);
}

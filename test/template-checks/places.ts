// Where things stand in the template of the sample: resources as `idOf` of `edits.ts` takes them, and paths in their
// properties.

export const PIPELINE = 'CodePipeline::Pipeline';
export const SOURCE = 'Stages/0/Actions/0';
export const BUILD = 'Stages/1/Actions/0';
export const DEPLOY = 'Stages/2/Actions/0';
export const PROJECT = 'CodeBuild::Project';
export const TASK = 'ECS::TaskDefinition';
export const SERVICE = 'ECS::Service';
export const BLUE = 'ElasticLoadBalancingV2::TargetGroup Blue';
export const GREEN = 'ElasticLoadBalancingV2::TargetGroup Green';
export const LISTENER = 'ElasticLoadBalancingV2::Listener LoadBalancerListener';
export const TEST_LISTENER = 'ElasticLoadBalancingV2::Listener TestListener';
export const GROUP = 'CodeDeploy::DeploymentGroup';
export const PAIR = 'LoadBalancerInfo/TargetGroupPairInfoList/0';
export const FAILED = 'Events::Rule AlertsFailed';
export const TRIGGER = 'Events::Rule Trigger';
export const TOPIC_POLICY = 'SNS::TopicPolicy';
export const CONTAINER = 'ContainerDefinitions/0';

import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { IMAGE_TAGS } from '../../../private/image-tags';

/** What the state machine works with. All values can be tokens. */
export interface MarkDefinitionProps {
  readonly clusterArn: string;
  readonly serviceArn: string;
  readonly containerName: string;
  readonly repositoryName: string;
  readonly repositoryUri: string;
  readonly registryId: string;
  readonly parameterName: string;
  /** The beginning of the marks of this service. */
  readonly livePrefix: string;
}

type State = { readonly [name: string]: unknown };

/** The types of manifests that a build can push. Without them, Amazon ECR may convert a manifest. */
const MANIFEST_TYPES = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
];

/** A mark contains the digest, so an existing mark is the same mark: a repeated attempt has nothing to do. */
const EXISTS = ['Ecr.ImageAlreadyExistsException', 'Ecr.ImageTagAlreadyExistsException'];

/** For steps that can happen late: waits of 10 seconds up to an hour, about a day in total. */
const PATIENTLY = {
  ErrorEquals: ['States.ALL'], IntervalSeconds: 10, BackoffRate: 2, MaxDelaySeconds: 3600, MaxAttempts: 30,
};

/** The place of a result that nothing reads. CloudFormation rejects the `null` that would discard it. */
const DISCARDED = '$.discarded';

/**
 * For steps that rely on what is live now: a few attempts. Then the execution waits, and looks again at what is live.
 * An outdated record could remove the mark of an image that is live again.
 */
const AT_ONCE = {
  Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 3 }],
  Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: DISCARDED, Next: 'TryLater' }],
};

const LIVE_TASKS = '$.tasks.TaskDefinitions[0]';
const LIVE_IMAGE = '$.container.Images[0]';
const LIVE_DIGEST = '$.marks.Digest';
const TAGS = '$.image.Details.ImageTags';
const RECORD = '$.record.Value';

/**
 * The definition of the state machine that marks images.
 *
 * 1. It finds the live image: the primary task set of the service, its task definition, and the digest in it.
 * 2. It adds the two marks to the image. Adding a mark never harms, so this also happens when a newer release is live
 *    by now.
 * 3. If no newer release is live, it records the live digest, its predecessor, and the digest that is neither of them
 *    any more. Otherwise, the execution of the newer release does.
 * 4. It removes the mark of the last of the three. A mark that stays by mistake keeps an image longer, nothing else.
 *
 * Each step can be repeated, so an execution that failed can be redriven.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export function markDefinition(scope: IConstruct, props: MarkDefinitionProps): object {
  const call = caller(Stack.of(scope).partition);
  const repository = { RepositoryName: props.repositoryName, RegistryId: props.registryId };
  return {
    Comment: 'Marks the image of the live release and of the release before it, so that neither of them expires.',
    StartAt: 'FindLiveTasks',
    TimeoutSeconds: 2 * 24 * 3600,
    States: {
      ...findLiveImage(call, props),
      ...compareMarks(call, repository, props.livePrefix),
      ...addMarks(call, repository),
      ...updateRecord(call, props),
      ...removeMark(call, repository, props.livePrefix),
      Done: { Type: 'Succeed' },
    },
  };
}

type Call = (action: string, parameters: object, rest: State) => State;

/** Returns a function that creates the state for a call of an AWS API. */
function caller(partition: string): Call {
  return (action, parameters, rest) => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:${action}`,
    Parameters: parameters,
    Retry: [PATIENTLY],
    ...rest,
  });
}

const servicesOf = ({ clusterArn, serviceArn }: MarkDefinitionProps) =>
  ({ Cluster: clusterArn, Services: [serviceArn] });

const PRIMARY = { 'TaskDefinitions.$': "$.Services[0].TaskSets[?(@.Status == 'PRIMARY')].TaskDefinition" };

/** The task definition of a service under CODE_DEPLOY is in its task sets. */
function findLiveImage(call: Call, props: MarkDefinitionProps): { [name: string]: State } {
  return {
    FindLiveTasks: call('ecs:describeServices', servicesOf(props), {
      ResultSelector: PRIMARY, ResultPath: '$.tasks', Next: 'FindLiveImage',
    }),
    FindLiveImage: call('ecs:describeTaskDefinition', { 'TaskDefinition.$': LIVE_TASKS }, {
      ResultSelector: { 'Images.$': `$.TaskDefinition.ContainerDefinitions[?(@.Name == '${props.containerName}')].Image` },
      ResultPath: '$.container',
      Next: 'IsInRepository',
    }),
    // the placeholder is not in the repository
    IsInRepository: {
      Type: 'Choice',
      Choices: [{ Variable: LIVE_IMAGE, StringMatches: `${props.repositoryUri}@sha256:*`, Next: 'NameMarks' }],
      Default: 'Done',
    },
  };
}

/** The digits of the digest behind a path, because a tag cannot contain a colon. */
const digitsOf = (path: string) => `States.ArrayGetItem(States.StringSplit(${path}, ':'), 1)`;

function compareMarks(call: Call, repository: object, livePrefix: string): { [name: string]: State } {
  const has = (mark: string) => ({ Variable: `$.has.${mark}`, BooleanEquals: true });
  return {
    NameMarks: {
      Type: 'Pass',
      Parameters: {
        'Digest.$': `States.ArrayGetItem(States.StringSplit(${LIVE_IMAGE}, '@'), 1)`,
        'Live.$': `States.Format('${livePrefix}{}', ${digitsOf(LIVE_IMAGE)})`,
        'Released.$': `States.Format('${IMAGE_TAGS.released}{}', ${digitsOf(LIVE_IMAGE)})`,
      },
      ResultPath: '$.marks',
      Next: 'ReadTags',
    },
    ReadTags: call('ecr:describeImages', { ...repository, ImageIds: [{ 'ImageDigest.$': LIVE_DIGEST }] }, {
      // nothing brings the image back, so the alarm must not wait
      Retry: [{ ErrorEquals: ['Ecr.ImageNotFoundException'], MaxAttempts: 0 }, PATIENTLY],
      ResultSelector: { 'Details.$': '$.ImageDetails[0]' },
      ResultPath: '$.image',
      Next: 'HasTags',
    }),
    HasTags: { Type: 'Choice', Choices: [{ Variable: TAGS, IsPresent: true, Next: 'CompareTags' }], Default: 'ReadManifest' },
    CompareTags: {
      Type: 'Pass',
      Parameters: {
        'Live.$': `States.ArrayContains(${TAGS}, $.marks.Live)`,
        'Released.$': `States.ArrayContains(${TAGS}, $.marks.Released)`,
      },
      ResultPath: '$.has',
      Next: 'HasMarks',
    },
    HasMarks: {
      Type: 'Choice', Choices: [{ And: [has('Live'), has('Released')], Next: 'FindLiveTasksAgain' }], Default: 'ReadManifest',
    },
  };
}

/** A tag is added by pushing the same manifest again. */
function addMarks(call: Call, repository: object): { [name: string]: State } {
  const add = (mark: string, Next: string) => call('ecr:putImage', {
    ...repository,
    'ImageTag.$': `$.marks.${mark}`,
    'ImageDigest.$': LIVE_DIGEST,
    'ImageManifest.$': '$.image.Manifest',
    'ImageManifestMediaType.$': '$.image.MediaType',
  }, {
    Retry: [{ ErrorEquals: EXISTS, MaxAttempts: 0 }, PATIENTLY],
    Catch: [{ ErrorEquals: EXISTS, ResultPath: DISCARDED, Next }],
    ResultPath: DISCARDED,
    Next,
  });
  return {
    ReadManifest: call('ecr:batchGetImage', {
      ...repository, ImageIds: [{ 'ImageDigest.$': LIVE_DIGEST }], AcceptedMediaTypes: MANIFEST_TYPES,
    }, {
      ResultSelector: { 'Manifest.$': '$.Images[0].ImageManifest', 'MediaType.$': '$.Images[0].ImageManifestMediaType' },
      ResultPath: '$.image',
      Next: 'MarkLive',
    }),
    MarkLive: add('Live', 'MarkReleased'),
    MarkReleased: add('Released', 'FindLiveTasksAgain'),
  };
}

function updateRecord(call: Call, props: MarkDefinitionProps): { [name: string]: State } {
  const { parameterName: Name } = props;
  return {
    TryLater: { Type: 'Wait', Seconds: 3600, Next: 'FindLiveTasksAgain' },
    FindLiveTasksAgain: call('ecs:describeServices', servicesOf(props), {
      ...AT_ONCE, ResultSelector: PRIMARY, ResultPath: '$.now', Next: 'IsStillLive',
    }),
    IsStillLive: {
      Type: 'Choice',
      Choices: [{ Variable: '$.now.TaskDefinitions[0]', StringEqualsPath: LIVE_TASKS, Next: 'ReadRecord' }],
      Default: 'Done',
    },
    ReadRecord: call('ssm:getParameter', { Name }, {
      ...AT_ONCE,
      ResultSelector: { 'Value.$': 'States.StringToJson($.Parameter.Value)' },
      ResultPath: '$.record',
      Next: 'IsRecorded',
    }),
    IsRecorded: {
      Type: 'Choice',
      Choices: [{ Variable: `${RECORD}.live`, StringEqualsPath: LIVE_DIGEST, Next: 'HasRetired' }],
      Default: 'MoveUp',
    },
    MoveUp: {
      Type: 'Pass',
      Parameters: { Value: { 'live.$': LIVE_DIGEST, 'previous.$': `${RECORD}.live`, 'retired.$': `${RECORD}.previous` } },
      ResultPath: '$.record',
      Next: 'WriteRecord',
    },
    WriteRecord: call('ssm:putParameter', { Name, 'Overwrite': true, 'Value.$': `States.JsonToString(${RECORD})` }, {
      ...AT_ONCE, ResultPath: DISCARDED, Next: 'HasRetired',
    }),
  };
}

/** Removes one tag. The image keeps the tag of its build and its mark as released, so it is not deleted. */
function removeMark(call: Call, repository: object, livePrefix: string): { [name: string]: State } {
  const retired = `${RECORD}.retired`;
  const differs = (from: string) => ({ Not: { Variable: retired, StringEqualsPath: `${RECORD}.${from}` } });
  return {
    HasRetired: {
      Type: 'Choice',
      Choices: [{
        And: [{ Variable: retired, StringMatches: 'sha256:*' }, differs('live'), differs('previous')], Next: 'RemoveMark',
      }],
      Default: 'Done',
    },
    RemoveMark: call('ecr:batchDeleteImage', {
      ...repository, ImageIds: [{ 'ImageTag.$': `States.Format('${livePrefix}{}', ${digitsOf(retired)})` }],
    }, { ...AT_ONCE, ResultPath: DISCARDED, End: true }),
  };
}

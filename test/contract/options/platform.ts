import { Duration } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as fc from 'fast-check';
import { PLAIN } from './places';
import { OptionRow, Row } from './row';
import { key, WITH_KEY, WITH_VPC } from './values';
import { importedVpc } from '../../helpers';

export const PLATFORM: (OptionRow | Row)[] = [
  ['ContainerPlatformOptions.cluster', 'a new cluster to an existing one', WITH_VPC, (stack) => {
    const vpc = importedVpc(stack);
    return { network: { vpc }, platform: { cluster: ecs.Cluster.fromClusterAttributes(stack, 'Own', { clusterName: 'own', vpc }) } };
  }],
  ['ContainerPlatformOptions.repository', 'a new repository to an existing one', PLAIN,
    (stack) => ({ platform: { repository: ecr.Repository.fromRepositoryName(stack, 'Own', 'own') } })],
  {
    option: 'ContainerPlatformOptions.maxImageCount',
    default: '10',
    other: 20,
    bad: [[0, "'maxImageCount' must be a whole number from 1 to 1000, got 0; a rollback requires the images of previous releases [Stack/Orders/Platform]"]],
    effect: 'in place: image repository',
    drawn: fc.integer({ min: 1, max: 1000 }),
  },
  {
    option: 'ContainerPlatformOptions.candidateRetention',
    default: 'Duration.days(30)',
    other: Duration.days(60),
    bad: [[Duration.days(7), "'candidateRetention' must be a whole number of days from 14 to 3650, got 7 days; "
      + 'a release can wait 11 days for approvals and the end of the old tasks, and needs its image until then [Stack/Orders/Platform]']],
    effect: 'in place: image repository',
    drawn: fc.integer({ min: 14, max: 3650 }).map((days) => Duration.days(days)),
  },
  {
    option: 'ContainerPlatformOptions.containerInsights',
    default: 'ecs.ContainerInsights.ENABLED',
    other: ecs.ContainerInsights.DISABLED,
    effect: 'in place: cluster',
  },
  ['ContainerPlatformOptions.encryptionKey', 'the account\'s key to your own', WITH_KEY, (stack) => ({ platform: { encryptionKey: key(stack) } })],
];

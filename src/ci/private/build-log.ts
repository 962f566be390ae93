import { RemovalPolicy } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ArtifactStore } from './artifact-store';
import { encryptLogsToo, textOfName } from '../../private/log-encryption';
import { ResourceNames } from '../../private/names';

/** Props of the log group of a project. */
export interface BuildLogProps {
  readonly names: ResourceNames;
  readonly removalPolicy: RemovalPolicy;
  /** The store whose key encrypts the log. */
  readonly store: ArtifactStore;
  readonly logRetention?: logs.RetentionDays;
}

/** Creates the log group of a project, with the id LogGroup. */
export function createBuildLog(
  scope: Construct, purpose: string, sid: string, { names, removalPolicy, store, logRetention }: BuildLogProps,
): logs.LogGroup {
  const logGroupName = names.prefixed('/aws/codebuild/', purpose);
  return new logs.LogGroup(scope, 'LogGroup', {
    logGroupName,
    encryptionKey: encryptLogsToo(scope, { key: store.key, sid, logGroupName: textOfName(scope, 'LogGroup', logGroupName) }),
    retention: logRetention ?? logs.RetentionDays.TWO_WEEKS,
    removalPolicy,
  });
}

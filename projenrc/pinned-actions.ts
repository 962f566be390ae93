import { awscdk } from 'projen';

/**
 * The commit of each action, and the version that it was released as.
 *
 * A tag can be moved to other code, a commit cannot. Jobs of these workflows hand out AWS credentials, publish packages
 * and write to the repository.
 */
export const ACTIONS = {
  'actions/checkout': { sha: '3d3c42e5aac5ba805825da76410c181273ba90b1', version: 'v7.0.1' },
  'actions/setup-node': { sha: '820762786026740c76f36085b0efc47a31fe5020', version: 'v7.0.0' },
  'actions/setup-java': { sha: 'dd06d9cba3e5552c54d9f8ea23572deb30010f7c', version: 'v6.0.0' },
  'actions/setup-python': { sha: '5fda3b95a4ea91299a34e894583c3862153e4b97', version: 'v7.0.0' },
  'actions/upload-artifact': { sha: '043fb46d1a93c77aae656e7c1c64a875d1fc6a0a', version: 'v7.0.1' },
  'actions/download-artifact': { sha: '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c', version: 'v8.0.1' },
  'aws-actions/configure-aws-credentials': { sha: 'e6de054238d6b7531b4efff3b6587d9aade6a06c', version: 'v6.2.3' },
  'peter-evans/create-pull-request': { sha: '5f6978faf089d4d20b00c7766989d076bb2fc7f1', version: 'v8.1.1' },
};

/** Names the actions of the workflows that projen writes by their commits: projen itself does so for some of them. */
export function pinActions(project: awscdk.AwsCdkConstructLibrary): void {
  for (const [name, { sha }] of Object.entries(ACTIONS)) {
    project.github?.actions.set(name, `${name}@${sha}`);
  }
}

import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { BindOptions } from '../bind-options';
import {
  explain, fetchParameter, fetchSecret, printSecret, readParameters, readSecret, requireParameterName, SECRET,
} from './private/stored-values';
import { wildcard } from '../private/acknowledge';
import { KEY } from '../private/common-kinds';
import { describeType } from '../private/errors';
import { confidential, KindsOf, markStrategy, required, requireKind, requireOptions, STRING } from '../private/kinds';
import { requirePattern, requireText } from '../private/validation';

/**
 * Options of Docker Hub credentials in Parameter Store.
 */
export interface ParameterStoreCredentialsOptions {
  /** The name of the parameter with the user name. */
  readonly usernameParameterName: string;

  /** The name of the SecureString parameter with the password or the access token. */
  readonly passwordParameterName: string;

  /**
   * The customer managed key that encrypts the parameters. The build's role is allowed to use it for decryption.
   *
   * @default - the AWS managed key of Parameter Store, which needs no permission
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Options of Docker Hub credentials in Secrets Manager.
 */
export interface SecretCredentialsOptions {
  /**
   * The field with the user name in the JSON of the secret.
   *
   * @default 'username'
   */
  readonly usernameField?: string;

  /**
   * The field with the password or the access token in the JSON of the secret.
   *
   * @default 'password'
   */
  readonly passwordField?: string;
}

/**
 * Options of a pull-through cache in the registry of the account.
 */
export interface PullThroughCacheOptions {
  /**
   * The repository prefix of the pull-through cache rule.
   *
   * @default 'docker-hub'
   */
  readonly repositoryPrefix?: string;

  /**
   * The build argument that the Dockerfile puts before the names of its base images, as in
   * `FROM ${DOCKER_HUB}library/python:3.12-slim`.
   *
   * @default 'DOCKER_HUB'
   */
  readonly buildArgument?: string;
}

/**
 * Options that the pipeline passes to `DockerHubCredentials.bind`, for implementors of `DockerHubCredentials`.
 */
export interface DockerHubCredentialsBindOptions extends BindOptions {}

/**
 * The result of `DockerHubCredentials.bind`, for implementors of `DockerHubCredentials`.
 */
export interface DockerHubCredentialsConfig {
  /**
   * Bash commands that log in to Docker Hub. They must not contain the password.
   *
   * The bash function `explain` is available. Put a line `explain "message"` before a command. If the command fails,
   * the message is the last line of the build log.
   */
  readonly loginCommands: string[];
  /** Statements that the build's role needs for the commands. */
  readonly statements: iam.PolicyStatement[];
  /**
   * Build arguments of the image.
   *
   * @default - none
   */
  readonly buildArguments?: { [name: string]: string };
}

/**
 * Docker Hub credentials that the build uses to pull base images.
 *
 * Docker Hub limits anonymous pulls by IP address, and builds of several AWS customers share addresses. Base images
 * from the Amazon ECR Public Gallery require no credentials.
 *
 * @see https://docs.docker.com/docker-hub/usage/
 */
export abstract class DockerHubCredentials {
  /**
   * Credentials in Parameter Store. Each build reads them before it builds the image.
   *
   * CloudFormation cannot create a SecureString. Create the parameters before the first build:
   * `aws ssm put-parameter --type SecureString --name <name> --value <token>`.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
   */
  public static fromParameterStore(options: ParameterStoreCredentialsOptions): DockerHubCredentials {
    return new ParameterStoreCredentials(options);
  }

  /**
   * Credentials in a Secrets Manager secret, a JSON object with the user name and the password in two fields. Each
   * build reads them before it builds the image.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html
   */
  public static fromSecret(
    secret: secretsmanager.ISecret, options: SecretCredentialsOptions = {},
  ): DockerHubCredentials {
    return new SecretCredentials(secret, options);
  }

  /**
   * A pull-through cache in the registry of the account. The build has no credentials; the rule of the cache has them.
   *
   * The rule must exist in the region. The Dockerfile must put a build argument, which the build sets, before the names
   * of its base images.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
   */
  public static pullThroughCache(options: PullThroughCacheOptions = {}): DockerHubCredentials {
    return new PullThroughCache(options);
  }

  /**
   * Returns the configuration of the credentials. The pipeline calls it once at synth.
   *
   * @param scope the pipeline; create resources in a child construct of your own
   * @param options the name of the application and its environment
   * @throws when a name is empty, or is a token where it must be known at synth
   */
  public abstract bind(scope: Construct, options: DockerHubCredentialsBindOptions): DockerHubCredentialsConfig;
}

markStrategy('DockerHubCredentials', DockerHubCredentials);

const CONFIDENTIAL_STRING = confidential(STRING);

const PARAMETER_STORE: KindsOf<ParameterStoreCredentialsOptions> = {
  usernameParameterName: required(CONFIDENTIAL_STRING),
  passwordParameterName: required(CONFIDENTIAL_STRING),
  encryptionKey: KEY,
};

const SECRETS_MANAGER: KindsOf<SecretCredentialsOptions> = {
  usernameField: CONFIDENTIAL_STRING, passwordField: CONFIDENTIAL_STRING,
};

const PULL_THROUGH_CACHE: KindsOf<PullThroughCacheOptions> = { repositoryPrefix: STRING, buildArgument: STRING };

class ParameterStoreCredentials extends DockerHubCredentials {
  constructor(private readonly options: ParameterStoreCredentialsOptions) {
    super();
  }

  public bind(scope: Construct): DockerHubCredentialsConfig {
    requireOptions(scope, 'dockerHub', this.options, PARAMETER_STORE, describeType);
    const { usernameParameterName, passwordParameterName } = this.options;
    requireParameterName(scope, 'dockerHub.usernameParameterName', usernameParameterName);
    requireParameterName(scope, 'dockerHub.passwordParameterName', passwordParameterName);
    return {
      loginCommands: [
        explain(`~the parameters ${usernameParameterName} and ${passwordParameterName} could not be read: create them with aws ssm put-parameter --type SecureString`),
        `username="$(${fetchParameter(usernameParameterName)})"`,
        `password="$(${fetchParameter(passwordParameterName)})"`,
        ...LOGIN,
      ],
      statements: readParameters(scope, [usernameParameterName, passwordParameterName], this.options.encryptionKey),
    };
  }
}

class SecretCredentials extends DockerHubCredentials {
  constructor(private readonly secret: secretsmanager.ISecret, private readonly options: SecretCredentialsOptions) {
    super();
  }

  public bind(scope: Construct): DockerHubCredentialsConfig {
    requireKind(scope, 'dockerHub.secret', this.secret, required(SECRET));
    requireOptions(scope, 'dockerHub', this.options, SECRETS_MANAGER, describeType);
    const { usernameField = 'username', passwordField = 'password' } = this.options;
    requireText(scope, 'dockerHub.usernameField', usernameField, 'pass the name of a field');
    requireText(scope, 'dockerHub.passwordField', passwordField, 'pass the name of a field');
    const field = (name: string) => `"$(${printSecret(name)})"`;
    return {
      loginCommands: [
        explain(`~the Docker Hub secret could not be read: store a JSON object with the fields ${usernameField} and ${passwordField}`),
        fetchSecret(this.secret),
        `username=${field(usernameField)}`,
        `password=${field(passwordField)}`,
        ...LOGIN,
      ],
      statements: readSecret(scope, this.secret),
    };
  }
}

class PullThroughCache extends DockerHubCredentials {
  constructor(private readonly options: PullThroughCacheOptions) {
    super();
  }

  public bind(scope: Construct): DockerHubCredentialsConfig {
    requireOptions(scope, 'dockerHub', this.options, PULL_THROUGH_CACHE, describeType);
    const { repositoryPrefix = 'docker-hub', buildArgument = 'DOCKER_HUB' } = this.options;
    requirePattern(scope, 'dockerHub.repositoryPrefix', repositoryPrefix, /^[a-z0-9]+([._-][a-z0-9]+)*$/,
      "be the prefix of a rule such as 'docker-hub': lowercase letters and digits, with single dots, hyphens, or underscores between them");
    requirePattern(scope, 'dockerHub.buildArgument', buildArgument, /^[A-Za-z_][A-Za-z0-9_]*$/,
      'be the name of an argument of the Dockerfile: letters, digits, and underscores, and must not start with a digit');
    const stack = Stack.of(scope);
    return {
      loginCommands: [],
      buildArguments: { [buildArgument]: `${stack.account}.dkr.ecr.${stack.region}.${stack.urlSuffix}/${repositoryPrefix}/` },
      statements: [wildcard('ECR creates a repository under the prefix for each image that is pulled.', new iam.PolicyStatement({
        actions: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'],
        resources: [stack.formatArn({ service: 'ecr', resource: 'repository', resourceName: `${repositoryPrefix}/*` })],
      }))],
    };
  }
}

const LOGIN = [
  explain('~Docker Hub rejected the credentials: store a valid user name and access token'),
  'printf %s "$password" | docker login --username "$username" --password-stdin',
];

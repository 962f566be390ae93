import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { quote } from './private/shell';
import { fail } from '../private/errors';
import { requireText } from '../private/validation';

/**
 * Where Parameter Store keeps the credentials.
 */
export interface ParameterStoreCredentialsOptions {
  /** The name of the parameter that holds the user's name. */
  readonly usernameParameterName: string;

  /** The name of the SecureString parameter that holds the password or access token. */
  readonly passwordParameterName: string;

  /**
   * The key that encrypts the parameters.
   *
   * @default - the account's key of Parameter Store, which takes no permission
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * What credentials ask of the build.
 */
export interface DockerHubCredentialsConfig {
  /** Lines of bash that log in. The password must not stand in them. */
  readonly loginCommands: string[];
  /** What the build's role must be allowed to do. */
  readonly statements: iam.PolicyStatement[];
}

/**
 * Who the build is at Docker Hub, whose limit for anonymous pulls a shared build host exceeds soon.
 *
 * Base images of the public ECR gallery need nobody.
 *
 * @see https://docs.docker.com/docker-hub/usage/
 */
export abstract class DockerHubCredentials {
  /**
   * Credentials in Parameter Store, fetched when the image is built. CloudFormation cannot create a SecureString, so create it before:
   * `aws ssm put-parameter --type SecureString --name <name> --value <token>`.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
   */
  public static fromParameterStore(options: ParameterStoreCredentialsOptions): DockerHubCredentials {
    return new ParameterStoreCredentials(options);
  }

  /**
   * Called by the pipeline.
   *
   * @param scope the pipeline
   * @throws when a parameter's name is empty or not known at synthesis
   */
  public abstract bind(scope: Construct): DockerHubCredentialsConfig;
}

class ParameterStoreCredentials extends DockerHubCredentials {
  constructor(private readonly options: ParameterStoreCredentialsOptions) {
    super();
  }

  public bind(scope: Construct): DockerHubCredentialsConfig {
    const { usernameParameterName, passwordParameterName } = this.options;
    requireParameterName(scope, 'dockerHub.usernameParameterName', usernameParameterName);
    requireParameterName(scope, 'dockerHub.passwordParameterName', passwordParameterName);
    return {
      loginCommands: [
        `username="$(${fetchParameter(usernameParameterName)})"`,
        `${fetchParameter(passwordParameterName)} | docker login --username "$username" --password-stdin`,
      ],
      statements: this.statements(scope, [usernameParameterName, passwordParameterName]),
    };
  }

  private statements(scope: Construct, names: string[]): iam.PolicyStatement[] {
    const stack = Stack.of(scope);
    const arns = names.map((name) => stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, '') }));
    const read = new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: arns });
    const { encryptionKey } = this.options;
    return encryptionKey ? [read, new iam.PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [encryptionKey.keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': `ssm.${stack.region}.${stack.urlSuffix}`,
          'kms:EncryptionContext:PARAMETER_ARN': arns,
        },
      },
    })] : [read];
  }
}

function fetchParameter(name: string): string {
  return `aws ssm get-parameter --name ${quote(name)} --with-decryption --query Parameter.Value --output text`;
}

function requireParameterName(scope: Construct, prop: string, name: string): void {
  requireText(scope, prop, name, 'give the name of a parameter');
  if (Token.isUnresolved(name)) {
    fail(scope, `'${prop}' must be known at synthesis, got a token; whether it begins with '/' decides the parameter's ARN, so give a plain text`);
  }
}

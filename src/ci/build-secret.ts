import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { BindOptions } from '../bind-options';
import {
  explain, fetchParameter, fetchSecret, printSecret, readParameters, readSecret, requireParameterName, SECRET,
} from './private/stored-values';
import { KEY } from '../private/common-kinds';
import { describeType } from '../private/errors';
import { confidential, KindsOf, markStrategy, required, requireKind, requireOptions, STRING } from '../private/kinds';
import { requireText } from '../private/validation';

/**
 * Options of a build secret in Parameter Store.
 */
export interface ParameterBuildSecretOptions {
  /** The name of the SecureString parameter. */
  readonly parameterName: string;

  /**
   * The customer managed key that encrypts the parameter. The build's role is allowed to use it for decryption.
   *
   * @default - the AWS managed key of Parameter Store, which needs no permission
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Options of a build secret in Secrets Manager.
 */
export interface SecretBuildSecretOptions {
  /**
   * The field in the JSON of the secret.
   *
   * @default - the whole text of the secret
   */
  readonly field?: string;
}

/**
 * Options that the project passes to `BuildSecret.bind`, for implementors of `BuildSecret`.
 */
export interface BuildSecretBindOptions extends BindOptions {
  /** The id of the secret in the Dockerfile. */
  readonly secretId: string;
}

/**
 * The result of `BuildSecret.bind`, for implementors of `BuildSecret`.
 */
export interface BuildSecretConfig {
  /**
   * Bash commands that print the secret, followed by one line break, to their standard output.
   *
   * The bash function `explain` is available. Put a line `explain "message"` before a command. If the command fails,
   * the message is the last line of the build log.
   */
  readonly commands: string[];
  /** Statements that the build's role needs for the commands. */
  readonly statements: iam.PolicyStatement[];
}

/**
 * A secret that the Dockerfile uses while it is built, such as a token for a private package index.
 *
 * BuildKit shows it to the instructions that mount it, as in
 * `RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf pip install -r requirements.txt`. The secret is in no layer
 * of the image, and in no log, build argument, cache, or template. A command of the Dockerfile can still write it into
 * the image or print it.
 *
 * @see https://docs.docker.com/build/building/secrets/
 */
export abstract class BuildSecret {
  /**
   * A secret in Parameter Store. Each build reads it before it builds the image.
   *
   * CloudFormation cannot create a SecureString. Create the parameter before the first build:
   * `aws ssm put-parameter --type SecureString --name <name> --value <secret>`.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
   */
  public static fromParameterStore(options: ParameterBuildSecretOptions): BuildSecret {
    return new ParameterBuildSecret(options);
  }

  /**
   * A secret in Secrets Manager, or a field of it. Each build reads it before it builds the image.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html
   */
  public static fromSecret(secret: secretsmanager.ISecret, options: SecretBuildSecretOptions = {}): BuildSecret {
    return new SecretBuildSecret(secret, options);
  }

  /**
   * Returns the configuration of the secret. The project calls it once at synth.
   *
   * @param scope the pipeline; create resources in a child construct of your own
   * @param options the name of the application and its environment, and the id of the secret
   * @throws when a name is empty, or is a token where it must be known at synth
   */
  public abstract bind(scope: Construct, options: BuildSecretBindOptions): BuildSecretConfig;
}

markStrategy('BuildSecret', BuildSecret);

const PARAMETER: KindsOf<ParameterBuildSecretOptions> = {
  parameterName: required(confidential(STRING)), encryptionKey: KEY,
};

const FIELD: KindsOf<SecretBuildSecretOptions> = { field: confidential(STRING) };

class ParameterBuildSecret extends BuildSecret {
  constructor(private readonly options: ParameterBuildSecretOptions) {
    super();
  }

  public bind(scope: Construct, { secretId }: BuildSecretBindOptions): BuildSecretConfig {
    const prop = `python.buildSecrets.${secretId}`;
    requireOptions(scope, prop, this.options, PARAMETER, describeType);
    const { parameterName, encryptionKey } = this.options;
    requireParameterName(scope, `${prop}.parameterName`, parameterName);
    return {
      commands: [
        explain(`~the parameter ${parameterName} of the build secret ${secretId} could not be read: create it with aws ssm put-parameter --type SecureString`),
        fetchParameter(parameterName),
      ],
      statements: readParameters(scope, [parameterName], encryptionKey),
    };
  }
}

class SecretBuildSecret extends BuildSecret {
  constructor(private readonly secret: secretsmanager.ISecret, private readonly options: SecretBuildSecretOptions) {
    super();
  }

  public bind(scope: Construct, { secretId }: BuildSecretBindOptions): BuildSecretConfig {
    const prop = `python.buildSecrets.${secretId}`;
    requireKind(scope, `${prop}.secret`, this.secret, required(SECRET));
    requireOptions(scope, prop, this.options, FIELD, describeType);
    const { field } = this.options;
    requireText(scope, `${prop}.field`, field, 'pass the name of a field');
    return {
      commands: [
        field === undefined
          ? explain(`~the secret of the build secret ${secretId} could not be read: store a text in it`)
          : explain(`~the secret of the build secret ${secretId} could not be read: store a JSON object with the field ${field}`),
        fetchSecret(this.secret),
        printSecret(field),
      ],
      statements: readSecret(scope, this.secret),
    };
  }
}

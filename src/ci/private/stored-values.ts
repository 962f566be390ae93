import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';
import { quote } from './shell';
import { describeType, fail } from '../../private/errors';
import { confidential, resource } from '../../private/kinds';
import { requirePattern, requireText } from '../../private/validation';

/** A secret that the build reads. */
export const SECRET = confidential(resource('a secretsmanager.ISecret, such as secretsmanager.Secret.fromSecretNameV2()', 'secretArn', ['grantRead'], {
  same: 'region', remedy: 'the build reads the secret in its region: replicate it there',
}));

/** A line that sets the last line of the build's log for a failure of the next command. */
export function explain(text: string): string {
  return `explain ${quote(text)}`;
}

/** Fails for a name of a parameter that is not valid, or not known at synth. */
export function requireParameterName(scope: IConstruct, prop: string, name: string): void {
  requireText(scope, prop, name, 'pass the name of a parameter');
  if (Token.isUnresolved(name)) {
    fail(scope, `'${prop}' must be known at synth, got a token; its first character decides the ARN of the parameter: pass a plain string`);
  }
  // others have a meaning in the ARN, as the asterisk does
  requirePattern(scope, prop, name, /^[\w./-]+$/, 'be the name of a parameter, which has letters, digits, underscores, hyphens, dots, and slashes only', describeType);
}

/** A command that prints the value of a parameter. */
export function fetchParameter(name: string): string {
  return `aws ssm get-parameter --name ${quote(name)} --with-decryption --query Parameter.Value --output text`;
}

/** Statements that allow reading the parameters. */
export function readParameters(scope: IConstruct, names: string[], encryptionKey?: kms.IKey): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  const arns = names.map((name) => stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, '') }));
  const read = new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: arns });
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

/** A command that stores the answer about a secret. As text, it would have a word for a secret without a text. */
export function fetchSecret({ secretArn }: secretsmanager.ISecret): string {
  return `secret="$(aws secretsmanager get-secret-value --secret-id ${quote(secretArn)} --output json)"`;
}

/** A command that prints the text of the secret that was fetched, or the string in a field of its JSON. */
export function printSecret(field?: string): string {
  const text = "json.load(sys.stdin)['SecretString']";
  const value = field === undefined ? text : `json.loads(${text})[sys.argv[1]]`;
  // the sum fails for a value that is no string
  return `printf %s "$secret" | "$interpreter" -c "import json, sys; print('' + ${value})"${field === undefined ? '' : ` ${quote(field)}`}`;
}

/** Statements that allow reading the secret. */
export function readSecret(scope: IConstruct, secret: secretsmanager.ISecret): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  const { secretArn, secretFullArn, encryptionKey } = secret;
  // the ARN of a secret ends with six characters, which the ARN of an imported secret may lack
  const read = new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretFullArn ?? `${secretArn}-??????`] });
  return encryptionKey ? [read, new iam.PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${stack.region}.${stack.urlSuffix}` } },
  })] : [read];
}

import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Subject } from './findings';
import { createTapStack, PROFILE_NAMES } from '../../integ/tap-stack';

/** Stands for the certificate that the profile `prod` wants; nothing is asked of AWS. */
const EXAMPLE_CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';

const SUFFIXES: { readonly [profile: string]: string } = { default: 'dev', prod: 'prod', inventory: 'dev' };

/** A profile of the sample app, synthesized into the directory. */
export function profileSubject(profile: string, directory: string): Subject {
  const context = { profile, environmentSuffix: SUFFIXES[profile], certificateArn: EXAMPLE_CERTIFICATE };
  return synthesize(profile, directory, context, createTapStack, () => true);
}

/** All profiles of the sample app. */
export function profileSubjects(directory: string): Subject[] {
  return PROFILE_NAMES.map((profile) => profileSubject(profile, directory));
}

/** An app with one stack. */
export function synthesize(
  name: string, directory: string, context: { [key: string]: unknown }, create: (app: App) => Stack, judges: (
    path: string,
  ) => boolean,
): Subject {
  const app = new App({
    outdir: path.join(directory, name),
    context: { 'aws:cdk:enable-path-metadata': true, ...context },
  });
  const stack = create(app);
  const { templateFullPath: templateFile } = app.synth().getStackByName(stack.stackName);
  return { name, app, stack, templateFile, judges };
}

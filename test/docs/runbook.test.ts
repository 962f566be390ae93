import * as fs from 'fs';
import * as path from 'path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { DOCS } from './pages';
import { BlueGreenServiceOptions, DeploymentHooks } from '../../src';
import { Resource, synthesizePattern } from '../helpers';
import { PROFILE_NAMES } from '../integ/tap-stack';
import { synthesizeProfile } from '../template-checks/edits';

const PAGE = fs.readFileSync(path.join(DOCS, 'runbook.md'), 'utf8');

/** The first cells of the table of resources that remain after the deletion of a stack. */
const LISTED = [...PAGE.matchAll(/^\| `(AWS::\w+::\w+)` \|/gm)].map(([, type]) => type);

interface Template {
  readonly Resources: { readonly [id: string]: Pick<Resource, 'Type' | 'DeletionPolicy' | 'UpdateReplacePolicy'> };
}

const WITH_SMOKE_TEST: BlueGreenServiceOptions = { release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'] }) } };

function patternWith(removalPolicy: RemovalPolicy): Template {
  return synthesizePattern({ removalPolicy, environmentSuffix: 'prod', service: WITH_SMOKE_TEST }).template.toJSON() as Template;
}

/** The types of the resources that have such a policy, each once. */
function typesWith(policy: 'DeletionPolicy' | 'UpdateReplacePolicy', templates: Template[]): string[] {
  const kept = templates.flatMap(({ Resources }) => Object.values(Resources)).filter((resource) => resource[policy]?.startsWith('Retain'));
  return [...new Set(kept.map(({ Type }) => Type))].sort();
}

const profiles = PROFILE_NAMES.map((profile) => synthesizeProfile(profile) as Template);
const retained = patternWith(RemovalPolicy.RETAIN);
const destroyed = patternWith(RemovalPolicy.DESTROY);

describe('the runbook', () => {
  test('lists what remains with RETAIN, and how to delete it', () => {
    expect([...LISTED].sort()).toEqual(typesWith('DeletionPolicy', [retained, ...profiles]));
    expect(LISTED.at(-1)).toBe('AWS::KMS::Key');
  });

  test('says that nothing of the template remains with DESTROY', () => {
    expect(typesWith('DeletionPolicy', [destroyed])).toEqual([]);
    expect(PAGE).toContain('With `RemovalPolicy.DESTROY`, everything is deleted');
  });

  test('says that replaced task definitions remain with either policy', () => {
    expect(typesWith('UpdateReplacePolicy', [destroyed])).toEqual(['AWS::ECS::TaskDefinition']);
    expect(PAGE).toContain('| task definition revisions that a release registered, or that an update replaced |');
  });
});

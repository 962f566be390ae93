import { CfnResource, Stack } from 'aws-cdk-lib';

/** A resource's properties as they will stand in the template: property overrides of the user's are part of them. */
export function renderedProperties(resource: CfnResource): { [name: string]: unknown } {
  const rendering = resource as CfnResource & { _toCloudFormation(): object };
  const { Resources } = Stack.of(resource).resolve(rendering._toCloudFormation()) as { Resources: { [id: string]: { Properties?: { [name: string]: unknown } } } };
  const [{ Properties = {} }] = Object.values(Resources);
  return Properties;
}

import { CfnResource, Stack } from 'aws-cdk-lib';

interface Properties { [name: string]: unknown }

/** A resource's properties as they will stand in the template: property overrides of the user's are part of them. */
export function renderedProperties(resource: CfnResource): Properties {
  const rendering = resource as CfnResource & { _toCloudFormation(): object };
  const { Resources } = Stack.of(resource)
    .resolve(rendering._toCloudFormation()) as { Resources: { [id: string]: { Properties?: Properties } } };
  const [{ Properties: properties = {} }] = Object.values(Resources);
  return properties;
}

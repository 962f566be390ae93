import { replaces } from '../contract/updates/classify';

/** A resource of a template. */
export interface PinnedTemplate {
  readonly Resources: {
    readonly [logicalId: string]: { readonly Type: string; readonly Properties?: { readonly [name: string]: unknown } };
  };
}

/** What must stay of a resource: its logical id, its type, and the properties whose change would do harm. */
export interface Pin {
  readonly type: string;
  readonly properties: { readonly [name: string]: unknown };
}

export interface Pins {
  readonly [logicalId: string]: Pin;
}

const SERVICE = 'AWS::ECS::Service';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

/** Every property of these: ECS refuses an update of the one, and an update of the other sends traffic to blue. */
const PINNED_WHOLE = [SERVICE, LISTENER];

/** A new revision with every change is what they are for, and the old ones are kept. */
const MADE_ANEW = ['AWS::ECS::TaskDefinition'];

/** What goes with its logical id: data, or what runs. */
const HOLDS_DATA = [
  'AWS::S3::Bucket', 'AWS::ECR::Repository', 'AWS::CodeCommit::Repository', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::SSM::Parameter',
];

/** The function that empties buckets is CDK's, which may rename it: nothing depends on its place. */
const OF_CDK = 'Custom';

const ASSET = /[0-9a-f]{64}/;

/** The pins of a template. Values that name an asset change with its files, and are left out. */
export function pinsOf({ Resources }: PinnedTemplate): Pins {
  return Object.fromEntries(Object.entries(Resources)
    .filter(([logicalId, { Type }]) => !MADE_ANEW.includes(Type) && !logicalId.startsWith(OF_CDK))
    .map(([logicalId, { Type, Properties = {} }]): [string, Pin] => {
      const properties = Object.keys(Properties).sort()
        .filter((name) => (PINNED_WHOLE.includes(Type) || replaces(Type, name))
          && !ASSET.test(JSON.stringify(Properties[name])));
      return [
        logicalId, { type: Type, properties: Object.fromEntries(properties.map((name) => [name, Properties[name]])) },
      ];
    })
    .sort(([one], [other]) => one < other ? -1 : 1));
}

/** One line for each property, so that a difference is read easily. */
export function formatPins(pins: { readonly [profile: string]: Pins }): string {
  const object = (entries: [string, string][], indent: string) =>
    entries.length === 0 ? '{}' : `{\n${entries.map(([name, text]) => `${indent}  ${JSON.stringify(name)}: ${text}`).join(',\n')}\n${indent}}`;
  const pin = ({ type, properties }: Pin): string => object([
    ['type', JSON.stringify(type)],
    ['properties', object(Object.entries(properties).map(([name, value]) => [name, JSON.stringify(value)]), '      ')],
  ], '    ');
  return `${object(Object.entries(pins).map(([profile, each]) =>
    [profile, object(Object.entries(each).map(([logicalId, value]) => [logicalId, pin(value)]), '  ')]), '')}\n`;
}

/**
 * What an upgrade of the library would do in users' accounts, one line for each difference; nothing for what is new.
 */
export function harmOf(pinned: Pins, current: Pins): string[] {
  return Object.entries(pinned).flatMap(([logicalId, pin]) => {
    const what = `${logicalId} (${pin.type})`;
    const now = current[logicalId];
    if (!now) { return [`${what}: the logical id is gone: ${harmOfRemoval(pin.type)}`]; }
    if (now.type !== pin.type) { return [`${what}: the type is ${now.type} now: CloudFormation would refuse the update in every account`]; }
    return changedProperties(pin, now).map((name) =>
      `${what}: property ${name} changed from ${show(pin.properties[name])} to ${show(now.properties[name])}: ${harmOfChange(pin.type)}`);
  });
}

function changedProperties(pin: Pin, now: Pin): string[] {
  const names = [...new Set([...Object.keys(pin.properties), ...Object.keys(now.properties)])].sort();
  return names.filter((name) => show(pin.properties[name]) !== show(now.properties[name]));
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function harmOfRemoval(type: string): string {
  if (type === SERVICE) { return 'CloudFormation would delete the running service in every account'; }
  if (type === LISTENER) { return 'CloudFormation would delete the listener in every account, and a new one cannot take its port'; }
  return HOLDS_DATA.includes(type)
    ? 'CloudFormation would delete the resource with its data in every account'
    : 'CloudFormation would delete the resource in every account, and a new one cannot take its name';
}

function harmOfChange(type: string): string {
  switch (type) {
    case SERVICE: return 'ECS refuses this update under CodeDeploy, and every user\'s stack update would fail and roll back';
    case LISTENER: return 'CloudFormation would send the listener\'s action again, and all traffic to blue, in every account';
    default: return HOLDS_DATA.includes(type)
      ? 'the resource would be replaced in every account, and the old one deleted with its data'
      : 'the resource would be replaced in every account, or the update refused where it has a name';
  }
}

import { Access } from '../iam/decisions';
import { Deployed, PolicyDocument } from '../iam/deployed';
import { accessesOf, permissionFailures, trustFailures } from '../iam/judge';
import { Place } from '../iam/place';
import { productionAttacks, productionTables } from '../iam/tables';
import { TemplateJson } from '../wiring/edits';

const PLACE = new Place('prod');
const TABLES = productionTables(PLACE);
const ALL = accessesOf(PLACE, TABLES, productionAttacks(PLACE));

const resourcesFor = (service: string) => [...new Set(ALL.filter(([action]) => action.startsWith(`${service}:`)).map(([, resource]) => resource))];

/** What decides with the policies of a role, service by service; of the others nothing does. */
const RESOURCE_POLICIES: { readonly [service: string]: (deployed: Deployed) => unknown } = {
  kms: (deployed) => resourcesFor('kms').map((key) => deployed.keyPolicy(key)),
  s3: (deployed) => resourcesFor('s3').map((object) => deployed.bucketPolicy(object.replace('arn:aws:s3:::', '').split('/')[0])),
  sns: (deployed) => resourcesFor('sns').map((topic) => deployed.topicPolicy(topic)),
  sts: trustsOf,
};

const OTHERS = 'others';
const serviceOf = ([action]: Access) => action.split(':')[0] in RESOURCE_POLICIES ? action.split(':')[0] : OTHERS;
const ACCESSES = [...Object.keys(RESOURCE_POLICIES), OTHERS].map((service) => [service, ALL.filter((access) => serviceOf(access) === service)] as const);

function trustsOf(deployed: Deployed): unknown {
  return deployed.roles.map((role) => [role, deployed.trustOf(role)]);
}

/** The statements that may ask for a role: few are about it, so that few faults make all trusts be judged again. */
function askingIn(policies: PolicyDocument[]): PolicyDocument['Statement'] {
  return policies.flatMap(({ Statement }) => Statement)
    .filter(({ Action = '*' }) => [Action].flat().some((action) => /^(sts:|\*)/.test(String(action))));
}

/** The simulator takes a millisecond for each access, so nothing is decided twice by the same policies: a fault changes few of them. */
const known = new Map<string, Promise<string[]>>();

function once(by: unknown, judge: () => Promise<string[]>): Promise<string[]> {
  const key = JSON.stringify(by);
  const judged = known.get(key) ?? judge();
  known.set(key, judged);
  return judged;
}

/** What the roles of a template are judged by. */
interface Policies {
  readonly deployed: Deployed;
  readonly own: { readonly [name: string]: PolicyDocument[] };
  readonly ofResources: { readonly [service: string]: unknown };
}

async function judgeRole({ deployed, own, ofResources }: Policies, name: string): Promise<string[]> {
  const role = PLACE.role(name);
  const asking = Object.entries(own).map(([other, policies]) => [other, askingIn(policies)]);
  const found = await Promise.all([
    ...ACCESSES.map(([service, accesses]) => once([name, service, own[name], ofResources[service]],
      () => permissionFailures(deployed, role, TABLES[name], accesses))),
    once([name, 'trust', deployed.trustOf(role), asking], () => trustFailures(deployed, PLACE, name, TABLES[name].assumedBy)),
  ]);
  return [...found.flat(), ...deployed.foreignPoliciesOf(role).map((policy) => `${role} has ${policy}`)];
}

/** What a role may do and should not, or may not and should, and who assumes it. */
export async function judgeAccess(template: TemplateJson): Promise<string[]> {
  const deployed = new Deployed(template);
  const { roles } = deployed;
  const names = Object.keys(TABLES).filter((name) => roles.includes(PLACE.role(name)));
  const own = Object.fromEntries(names.map((name) => [name, deployed.policiesOf(PLACE.role(name))]));
  const ofResources = Object.fromEntries(Object.entries(RESOURCE_POLICIES).map(([service, policies]) => [service, policies(deployed)]));
  const problems = await Promise.all(names.map((name) => judgeRole({ deployed, own, ofResources }, name)));
  return [
    ...Object.keys(TABLES).filter((name) => !names.includes(name)).map((name) => `${PLACE.role(name)} is not there`),
    ...roles.filter((role) => !names.some((name) => PLACE.role(name) === role)).map((role) => `${role} has no table`),
    ...problems.flat(),
  ];
}

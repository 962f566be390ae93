import { TemplateJson } from '../../template-checks/edits';
import { Access } from '../iam/decisions';
import { Deployed, PolicyDocument } from '../iam/deployed';
import { accessesOf, permissionFailures, trustFailures } from '../iam/judge';
import { Place } from '../iam/place';
import { productionAttacks, productionTables } from '../iam/tables';

const PLACE = new Place('prod');
const TABLES = productionTables(PLACE);

/** Accesses that the same statements decide: those about a service, and the policy of the resource. */
interface Group {
  readonly service: string;
  readonly accesses: Access[];
  readonly resourcePolicy: (deployed: Deployed) => PolicyDocument | undefined;
}

interface Holder {
  readonly of: (resource: string) => string;
  readonly policy: (deployed: Deployed, holder: string) => PolicyDocument | undefined;
}

/** What has a policy of its own, by service. */
const HOLDERS: { readonly [service: string]: Holder } = {
  kms: { of: (key) => key, policy: (deployed, key) => deployed.keyPolicy(key) },
  s3: { of: (object) => object.replace('arn:aws:s3:::', '').split('/')[0], policy: (deployed, bucket) => deployed.bucketPolicy(bucket) },
  sns: { of: (topic) => topic, policy: (deployed, topic) => deployed.topicPolicy(topic) },
  sts: { of: (role) => role.split('/')[1], policy: (deployed, role) => deployed.roles.includes(role) ? deployed.trustOf(role) : undefined },
};

function groupOf([action, resource]: Access): string {
  const [service] = action.split(':');
  return `${service} ${HOLDERS[service]?.of(resource) ?? ''}`;
}

const ALL = accessesOf(PLACE, TABLES, productionAttacks(PLACE));

const GROUPS: Group[] = [...new Set(ALL.map(groupOf))].map((group) => {
  const [service, holder] = group.split(' ');
  return {
    service,
    accesses: ALL.filter((access) => groupOf(access) === group),
    resourcePolicy: (deployed) => HOLDERS[service]?.policy(deployed, holder),
  };
});

/** The statements about a service. */
function statementsAbout(service: string, policies: PolicyDocument[]): PolicyDocument['Statement'] {
  return policies.flatMap(({ Statement }) => Statement)
    .filter(({ Action = '*' }) => [Action].flat().some((action) => [service, '*'].includes(String(action).split(':')[0])));
}

/**
 * The simulator takes a millisecond for each access, so nothing is decided twice by the same statements: a fault
 * changes few of them.
 */
const known = new Map<string, Promise<string[]>>();

function once(by: unknown, judge: () => Promise<string[]>): Promise<string[]> {
  const key = JSON.stringify(by);
  const judged = known.get(key) ?? judge();
  known.set(key, judged);
  return judged;
}

/** What the roles of a template are judged by: their policies, and group by group those of resources. */
interface Policies {
  readonly deployed: Deployed;
  readonly own: { readonly [name: string]: PolicyDocument[] };
  readonly ofResources: (PolicyDocument | undefined)[];
}

async function judgeRole({ deployed, own, ofResources }: Policies, name: string): Promise<string[]> {
  const role = PLACE.role(name);
  const assuming = Object.entries(own).map(([other, policies]) => [other, statementsAbout('sts', policies)]);
  const found = await Promise.all([
    ...GROUPS.map(({ service, accesses }, index) => once([
      name, index, statementsAbout(service, own[name]), ofResources[index],
    ],
    () => permissionFailures(deployed, role, TABLES[name], accesses))),
    once([name, 'trust', deployed.trustOf(role), assuming], () => trustFailures(deployed, PLACE, name, TABLES[name].assumedBy)),
  ]);
  return [...found.flat(), ...deployed.foreignPoliciesOf(role).map((policy) => `${role} has ${policy}`)];
}

/** What a role may do and should not, or may not and should, and who assumes it. */
export async function judgeAccess(template: TemplateJson): Promise<string[]> {
  const deployed = new Deployed(template);
  const { roles } = deployed;
  const names = Object.keys(TABLES).filter((name) => roles.includes(PLACE.role(name)));
  const own = Object.fromEntries(names.map((name) => [name, deployed.policiesOf(PLACE.role(name))]));
  const ofResources = GROUPS.map(({ resourcePolicy }) => resourcePolicy(deployed));
  const problems = await Promise.all(names.map((name) => judgeRole({ deployed, own, ofResources }, name)));
  return [
    ...Object.keys(TABLES).filter((name) => !names.includes(name)).map((name) => `${PLACE.role(name)} is not there`),
    ...roles.filter((role) => !names.some((name) => PLACE.role(name) === role)).map((role) => `${role} has no table`),
    ...problems.flat(),
  ];
}

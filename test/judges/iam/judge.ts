import { attacksOf } from './attacks';
import { Access, allowedTo, allowedToAdministrator, allowedToService } from './decisions';
import { ACCOUNT, Deployed } from './deployed';
import { Place } from './place';
import { releaseTables, RoleTable, RoleTables } from './tables';
import { wildcardFailures } from './wildcards';

const ELSEWHERE = '222222222222';

const SERVICES = [
  'chatbot', 'cloudformation', 'codebuild', 'codecommit', 'codedeploy', 'codepipeline', 'ec2', 'ecs', 'ecs-tasks', 'events', 'lambda', 'states', 'vpc-flow-logs',
].map((name) => `${name}.amazonaws.com`);

/** CDK's own function that empties a bucket before it goes, and its role. */
export const OF_CDK = /^CustomS3AutoDeleteObjects/;

const same = ([action, resource, context = {}]: Access) => JSON.stringify([action, resource, context]);
const unique = (accesses: Access[]) => [...new Map(accesses.map((access) => [same(access), access])).values()];

/** What a template's roles do that the tables do not say, and the other way round. */
export async function tableFailures(
  deployed: Deployed, place: Place, tables: RoleTables, more: Access[] = [],
): Promise<string[]> {
  const names = deployed.roles.filter((name) => !OF_CDK.test(name));
  const known = Object.keys(tables).map((name) => place.role(name));
  const all = accessesOf(place, tables, more);
  const present = Object.entries(tables).filter(([name]) => names.includes(place.role(name)));
  const each = await Promise.all(present.map(async ([name, table]) => [
    ...await permissionFailures(deployed, place.role(name), table, all),
    ...await trustFailures(deployed, place, name, table.assumedBy),
    ...deployed.foreignPoliciesOf(place.role(name)).map((policy) => `${place.role(name)} has ${policy}`),
  ]));
  return [
    ...names.filter((name) => !known.includes(name)).map((name) => `${name} has no table`),
    ...known.filter((name) => !names.includes(name)).map((name) => `${name} is not there`),
    ...each.flat(),
  ];
}

/** All that is asked of each role: the attacks, and what any of the roles may. */
export function accessesOf(place: Place, tables: RoleTables, more: Access[] = []): Access[] {
  return unique([...attacksOf(place), ...more, ...Object.values(tables).flatMap(allowedBy)]);
}

function allowedBy({ may, beyond }: RoleTable): Access[] {
  return [...may, ...beyond.flatMap(({ accesses }) => accesses)];
}

/** What a role may of these accesses that its table does not say, and the other way round. */
export async function permissionFailures(
  deployed: Deployed, role: string, table: RoleTable, all: Access[],
): Promise<string[]> {
  const allowed = new Set((await allowedTo(deployed, role, all)).map(same));
  const expected = new Set(allowedBy(table).map(same));
  return all.flatMap((access) => {
    if (allowed.has(same(access)) === expected.has(same(access))) { return []; }
    return `${role} ${expected.has(same(access)) ? 'may not' : 'may'} ${access[0]} on ${access[1]} ${access[2] ? JSON.stringify(access[2]) : ''}`.trim();
  });
}

/**
 * Whoever may assume the role: services for this account and another one, roles of the stack, administrators here and
 * there.
 */
export async function assumersOf(deployed: Deployed, place: Place, name: string): Promise<string[]> {
  const assume: Access = ['sts:AssumeRole', place.roleArn(name)];
  const asked = [
    ...SERVICES.flatMap((service) => [ACCOUNT, ELSEWHERE].map(async (account) => {
      const granted = await allowedToService(deployed, service, [[assume[0], assume[1], { 'aws:SourceAccount': account }]]);
      return granted.length > 0 ? [account === ACCOUNT ? service : `${service} elsewhere`] : [];
    })),
    ...deployed.roles.map(async (role) => ((await allowedTo(deployed, role, [assume])).length > 0 ? [role] : [])),
    ...[ACCOUNT, ELSEWHERE].map(async (account) => ((await allowedToAdministrator(deployed, account, [assume])).length > 0 ? [`administrator of ${account}`] : [])),
  ];
  return (await Promise.all(asked)).flat();
}

/** Who may assume a role and should not, or should and may not. */
export async function trustFailures(
  deployed: Deployed, place: Place, name: string, assumedBy: string[],
): Promise<string[]> {
  const expected = assumedBy.map((who) => (who.includes('.') ? who : place.role(who))).sort();
  const found = (await assumersOf(deployed, place, name)).sort();
  return expected.join() === found.join() ? [] : [`${place.role(name)} is assumed by ${found.join(', ') || 'nobody'}, not by ${expected.join(', ')}`];
}

/** What is wrong with the permissions of the sample's default profile. */
export async function iamFailures(template: unknown, suffix = 'dev'): Promise<string[]> {
  const place = new Place(suffix);
  try {
    const deployed = new Deployed(template as object);
    return [...await tableFailures(deployed, place, releaseTables(place)), ...await wildcardFailures(deployed, 5)];
  } catch (error) {
    return [`cannot be decided: ${error}`];
  }
}

import { allActions, PIPELINE } from './actions';
import { PROJECT } from './build-specs';
import { DEPLOYMENT_GROUP } from './deployments';
import { RULE } from './events';
import { allows, isFor, principalsOf, statementsOf } from './statements';
import { TASK_DEFINITION } from './tasks';
import { Finding, Rule, Value } from './template';
import { readable } from './text';

const ROLE = 'AWS::IAM::Role';

/** The properties that name a role, and the service that assumes it. */
const USERS: [type: string, property: string, service: string][] = [
  [PIPELINE, 'RoleArn', 'codepipeline'],
  [PROJECT, 'ServiceRole', 'codebuild'],
  [DEPLOYMENT_GROUP, 'ServiceRoleArn', 'codedeploy'],
  [TASK_DEFINITION, 'ExecutionRoleArn', 'ecs-tasks'],
  [TASK_DEFINITION, 'TaskRoleArn', 'ecs-tasks'],
  ['AWS::Lambda::Function', 'Role', 'lambda'],
  ['AWS::EC2::FlowLog', 'DeliverLogsPermissionArn', 'vpc-flow-logs'],
];

const roleTrust: Rule = {
  id: 'role-trust',
  says: 'A role trusts the service that uses it. The role of an action trusts the pipeline or its account.',
  aws: 'AWS rejects the resource (`The role defined for the function cannot be assumed by Lambda`), or the resource fails when it uses the role.',
  fix: 'Name the service as the principal of the role\'s trust policy (`assumedBy` in CDK).',
  *judge(template) {
    for (const [type, property, service] of USERS) {
      yield* template.ofType(type).flatMap((user) => distrusted(user.at(property), service));
    }
    yield* template.ofType(RULE).flatMap((rule) => rule.at('Targets').items).flatMap((target) => distrusted(target.at('RoleArn'), 'events'));
    yield* allActions(template).flatMap(({ value, label }) => unreachable(value.at('RoleArn'), label));
  },
};

function trustOf(named: Value): Value[] {
  const document = named.resource(ROLE)?.at('AssumeRolePolicyDocument');
  const statements = document && !document.open ? statementsOf(document) : [];
  return statements.some(({ unknown }) => unknown) ? [] : statements;
}

function distrusted(named: Value, service: string): Finding[] {
  const statements = trustOf(named);
  return statements.length === 0 || statements.some((statement) => allows(statement, 'sts:AssumeRole') && isFor(statement, service))
    ? []
    : [named.finding(`the role ${named.referred?.id} is used by ${service}.amazonaws.com, but trusts ${trusted(statements)}`)];
}

function unreachable(named: Value, label: string): Finding[] {
  const statements = trustOf(named);
  const reached = statements.some((statement) => allows(statement, 'sts:AssumeRole')
    && (statement.at('Principal').unknown || principalsOf(statement).some((name) => name === '*' || name.startsWith('AWS:'))));
  return statements.length === 0 || reached ? [] : [named.finding(
    `the role ${named.referred?.id} of the action ${label} is assumed by the role of the pipeline, but trusts ${trusted(statements)}`)];
}

function trusted(statements: Value[]): string {
  return statements.flatMap(principalsOf).map((name) => readable(name.replace(/^[^:]*:/, ''))).join(', ') || 'no one';
}

export const ROLE_RULES = [roleTrust];

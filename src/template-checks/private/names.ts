import { NameLimits, NAMES } from './name-table';
import { Finding, Resource, Rule, Template, Value } from './template';
import { longest, LONGEST, shown } from './text';

type Judge = (name: string, limits: NameLimits) => string | undefined;

/** Checks each name that is known, apart from account and region. */
function judgeNames(judge: Judge) {
  return function* (template: Template): Iterable<Finding> {
    for (const [type, limits] of Object.entries(NAMES)) {
      yield* template.ofType(type).flatMap((resource) => judgeName(resource, limits, judge));
    }
  };
}

function judgeName(resource: Resource, limits: NameLimits, judge: Judge): Finding[] {
  const value = resource.at(limits.property);
  const name = longest(value.raw);
  const problem = name === undefined ? undefined : judge(name, limits);
  return problem === undefined ? [] : [value.finding(`the name ${shown(value)} ${problem}${assumed(value)}`)];
}

/** The values that the check assumes for account and region. */
function assumed(value: Value): string {
  const used = Object.entries(LONGEST).filter(([parameter]) => shown(value).includes(parameter));
  return used.length > 0 ? `, with ${used.map(([parameter, text]) => `${JSON.stringify(text)} as ${parameter}`).join(' and ')}` : '';
}

const nameLength: Rule = {
  id: 'name-length',
  says: 'A name is neither longer nor shorter than AWS allows, even with the longest account and region in it.',
  aws: 'The creation fails with a validation error on the name, and CloudFormation rolls back everything that depends on the resource.',
  fix: 'Use a name of an allowed length, or omit it: CloudFormation then generates one that fits.',
  judge: judgeNames((name, { min = 1, max }) => name.length < min || name.length > max
    ? `has ${name.length} characters, but ${min} to ${max} are allowed`
    : undefined),
};

const nameCharacters: Rule = {
  id: 'name-characters',
  says: 'A name contains only characters that AWS allows.',
  aws: 'The creation fails with a validation error on the name.',
  fix: 'Use only allowed characters, or omit the name.',
  judge: judgeNames((name, { pattern, allowed }) => name === '' || pattern.test(name) ? undefined : `must consist of ${allowed}`),
};

const nameReserved: Rule = {
  id: 'name-reserved',
  says: 'A name does not start with a prefix that AWS reserves, such as `sg-`, `internal-` or `CodeDeployDefault.`.',
  aws: 'The creation fails: the prefix is reserved.',
  fix: 'Start the name with something else.',
  judge: judgeNames((name, { reserved }) => {
    const [prefix] = reserved?.exec(name) ?? [];
    return prefix === undefined ? undefined : `starts with ${JSON.stringify(prefix)}, which AWS reserves`;
  }),
};

export const NAME_RULES = [nameLength, nameCharacters, nameReserved];

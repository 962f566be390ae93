import { Change, Effect, isRefusal, LISTENER, SERVICE } from './classify';
import { labelOf } from './labels';
import { Outcome } from './matrix';

const INTRODUCTION = `# What each option changes

This table says what a change of each option does to a running stack. [Updates](updates.md) says how to make the changes that
AWS refuses.

\`UPDATE_MATRIX=write npx jest test/contract/updates --coverage=false\` generates this page, and a test compares it with the
library. Each row compares two templates of the whole pattern that differ in one option. The specification of CloudFormation
says what it does with each difference. What ECS, CodeDeploy, and the load balancer do comes from AWS's documentation and
from public issues. Nothing was tried in an account.

- **in place**: CloudFormation changes the resource. **replaced**: it creates a new one, and then deletes the old one.
- **refused by ECS**: ECS does not allow this change of a service that CodeDeploy releases. The update fails, and
  CloudFormation rolls it back.
- **refused by name**, **by port**, **by target group**: the new resource needs something that the old one still has. The
  update fails, and CloudFormation rolls it back.
- **sends traffic to blue**: the production listener changes, and CloudFormation sends the action of its template again. If
  green is live, its tasks get no traffic. CodeDeploy refuses releases until the listener forwards to green again.
- **deletion policy**: only the deletion of the stack changes.
- With \`RemovalPolicy.RETAIN\`, resources with data stay in the account where the table says *deleted*.
- The rows have \`environmentSuffix: 'dev'\`. If names matter, a second line says what happens without a suffix.
`;

/** The worst first. */
const ORDER: Effect[] = [
  'refused by ECS', 'refused by name', 'refused by port', 'refused by target group', 'in place, sends traffic to blue',
  'replaced', 'perhaps replaced', 'deleted', 'created', 'in place', 'deletion policy',
];

/** The properties of these tell why they cannot be updated. */
const WITH_PROPERTIES = [SERVICE, LISTENER];

/** More resources than one reads. */
const MANY = 30;

/** What a reader looks for where nearly everything changes. */
const ESSENTIAL = [
  'ECS service', 'production listener', 'target group', 'load balancer', 'cluster', 'image repository', 'source repository', 'artifact bucket', 'pipeline',
];

/** What holds data of the user's. */
const HOLDS_DATA = ['artifact bucket', 'image repository', 'source repository'];

export function renderMatrix(outcomes: Outcome[]): string {
  const structs = [...new Set(outcomes.map(({ option }) => option.split('.')[0]))];
  return [INTRODUCTION, ...structs.map((struct) => renderStruct(struct, outcomes.filter(({ option }) => option.startsWith(`${struct}.`))))].join('\n');
}

function renderStruct(struct: string, outcomes: Outcome[]): string {
  const rows = outcomes.map(({ option, change, changes, note, unnamed }) => {
    const both = unnamed && describe(unnamed) !== describe(changes);
    const what = both ? `${describe(changes)}<br>*without a suffix:* ${describe(unnamed)}` : describe(changes);
    const meaning = both && meaningOf(unnamed) !== meaningOf(changes)
      ? `${meaningOf(changes)}<br>*without a suffix:* ${meaningOf(unnamed)}` : meaningOf(changes);
    // what changes nothing in the template has its own explanation
    const told = changes.length === 0 && note ? [note] : [meaning, ...note ? [note] : []];
    return `| \`${option.split('.')[1]}\`: ${change} | ${what} | ${told.join(' ')} |`;
  });
  return [`## ${struct}`, '', '| Option | What changes | What it means |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** `in place: target group ×2; created: endpoint`. */
export function describe(changes: Change[]): string {
  const parts = ORDER.flatMap((effect) => {
    const labels = changes.filter((change) => change.effect === effect).map(fullLabelOf);
    return labels.length > 0 ? [`${effect}: ${counted(labels)}`] : [];
  });
  return parts.join('; ') || 'nothing';
}

function fullLabelOf(change: Change): string {
  const tells = WITH_PROPERTIES.includes(change.type) && change.properties.length > 0;
  return tells ? `${labelOf(change)} (${change.properties.join(', ')})` : labelOf(change);
}

/** All of them, or the ones that matter when nearly everything changes. */
function counted(labels: string[]): string {
  const essential = labels.filter((label) => ESSENTIAL.some((start) => label.startsWith(start)));
  if (labels.length > MANY) { return `${counted(essential)} and ${labels.length - essential.length} more`; }
  const counts = new Map<string, number>();
  labels.forEach((label) => counts.set(label, (counts.get(label) ?? 0) + 1));
  return [...counts].sort().map(([label, count]) => count === 1 ? label : `${label} ×${count}`).join(', ');
}

function meaningOf(changes: Change[]): string {
  const toBlue = changes.some(({ effect }) => effect === 'in place, sends traffic to blue');
  if (changes.some(isRefusal)) {
    return `The update fails, and CloudFormation rolls it back.${toBlue ? ' By then, the listener may have sent the traffic to blue.' : ''}`;
  }
  if (changes.length === 0) { return 'Only the stack itself changes.'; }
  const sentences = [
    toBlue && 'All traffic goes to blue. If green is live, that is an outage until the listener forwards to green again.',
    touched(changes, ['replaced'], ['load balancer']).length > 0 && 'The load balancer gets another name and other addresses.',
    ...meaningOfService(changes),
    ...touched(changes, ['replaced', 'deleted'], HOLDS_DATA).map((label) => `The ${label} is deleted with its data.`),
    changes.every((change) => labelOf(change) === 'task definition') && 'Applies to a new service only.',
  ];
  return sentences.filter(Boolean).join(' ') || 'Applies at once.';
}

function meaningOfService(changes: Change[]): string[] {
  const services = changes.filter(({ type }) => type === SERVICE).map(({ effect }) => effect);
  if (services.includes('replaced')) { return ['A new service starts the image of `bootstrapImage` in production.']; }
  if (services.includes('created')) { return ['The tasks of the new service start beside the old ones and register with blue. Deploy it while blue is live.']; }
  const later = touched(changes, ['replaced', 'in place'], ['build project', 'deployment group', 'pipeline']);
  return later.length > 0 ? ['Applies from the next release on.'] : [];
}

/** Those of the labels that the changes of these effects have. */
function touched(changes: Change[], effects: Effect[], labels: string[]): string[] {
  const found = changes.filter(({ effect }) => effects.includes(effect)).map(labelOf);
  return labels.filter((label) => found.includes(label));
}

import { eventFailures } from '../../contract/alerts/judge';
import { TemplateJson } from '../../template-checks/edits';
import { Deployed } from '../iam/deployed';

type Json = { readonly [name: string]: unknown };

const HERE = 'eu-west-1:111111111111';

function push(repository: string, event: string, referenceName: string): Json {
  return {
    'source': 'aws.codecommit',
    'detail-type': 'CodeCommit Repository State Change',
    'resources': [`arn:aws:codecommit:${HERE}:${repository}`],
    'detail': { event, referenceType: 'branch', referenceName },
  };
}

const SOURCE = 'orders-source-prod';

/** What happens to the source, and the rules that must hear of it. */
const EVENTS: [event: Json, rules: string[]][] = [
  [push(SOURCE, 'referenceUpdated', 'main'), ['OrdersPipelineTrigger']],
  [push(SOURCE, 'referenceCreated', 'main'), ['OrdersPipelineTrigger']],
  [push(SOURCE, 'referenceDeleted', 'main'), []],
  [push(SOURCE, 'referenceUpdated', 'topic'), []],
  [push('others', 'referenceUpdated', 'main'), []],
];

/** As EventBridge does it, for patterns of plain values: a list is one of, a map is each of. */
function matches(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) { return [event].flat().some((value) => pattern.includes(value)); }
  return typeof pattern === 'object' && pattern !== null
    && Object.entries(pattern).every(([key, child]) => matches(child, (event as Json | undefined)?.[key]));
}

/** Which events go to the wrong rules, or to none: those of the corpus of the alerts, and pushes. */
export function judgeEvents(template: TemplateJson): string[] {
  const deployed = new Deployed(template);
  const rules = Object.entries(template.Resources).filter(([, { Type, Properties }]) => Type === 'AWS::Events::Rule' && Properties?.EventPattern)
    .map(([id, { Properties }]) => ({ id: id.replace(/[0-9A-F]{8}$/, ''), on: Properties?.State === 'ENABLED', pattern: deployed.resolve(Properties?.EventPattern) }));
  const pushes = EVENTS.flatMap(([event, wanted]) => {
    const hear = rules.filter(({ on, pattern }) => on && matches(pattern, event)).map(({ id }) => id);
    return JSON.stringify(hear.sort()) === JSON.stringify(wanted) ? [] : [`${JSON.stringify(event)} is heard by ${hear.join(', ') || 'nobody'}`];
  });
  return [...eventFailures(template, 'the sample app in production', 'prod'), ...pushes];
}

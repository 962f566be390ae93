import { compareDelivery } from './delivery';
import { askRuler } from './ruler';
import { CORPUS } from '../../contract/alerts/corpus';
import { matches } from '../../contract/alerts/event-bridge';
import { EXPECTED } from '../../contract/alerts/matrix';
import { STACKS } from '../../contract/alerts/stacks';

let passed = 0;
let failed = 0;

function report(name: string, problem?: string): void {
  if (problem === undefined) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`FAILED ${name}\n    ${problem}`);
}

/** The whole matrix, by AWS's own matcher; and that the stand-in of the unit tests says the same. */
function compareMatching(stack: string, rules: ReturnType<typeof STACKS[string]>): void {
  const cases = [...CORPUS].flatMap(
    ([name, event]) => rules.map(({ role, pattern }) => ({ name, role, event, pattern })),
  );
  const answers = askRuler(cases);
  cases.forEach(({ name, role, event, pattern }, index) => {
    const expected = EXPECTED[stack](name).includes(role);
    const answer = answers[index];
    report(`${stack}: ${name} and the rule ${role}`, answer === String(expected) ? undefined : `expected ${expected}, event-ruler says ${answer}`);
    const standIn = matches(pattern, event);
    report(`${stack}: the stand-in on ${name} and ${role}`, answer === String(standIn) ? undefined : `it says ${standIn}, event-ruler ${answer}`);
  });
  console.log(`event-ruler, ${stack}: ${CORPUS.size} events by ${rules.length} rules`);
}

/** A matcher that takes everything would prove nothing. */
function compareMalformed(): void {
  const event = CORPUS.get('pipeline: failed')!;
  const malformed: object[] = [{ source: 'aws.codepipeline' }, { source: [] }, { detail: { state: [{ numeric: ['>'] }] } }, { detail: { state: [{ like: 'F' }] } }];
  askRuler(malformed.map((pattern) => ({ pattern, event }))).forEach((answer, index) => {
    report(`the malformed pattern ${JSON.stringify(malformed[index])}`, answer.startsWith('invalid: ') ? undefined : `event-ruler says ${answer}`);
  });
}

async function main(): Promise<void> {
  const stacks = Object.entries(STACKS).map(([name, rulesOf]) => ({ name, rules: rulesOf() }));
  stacks.forEach(({ name, rules }) => compareMatching(name, rules));
  compareMalformed();
  await compareDelivery(stacks[0].rules, (name, problem) => {
    console.log(`EventBridge, SNS, SQS: ${name}`);
    report(name, problem);
  });
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();

import { setFlagsFromString } from 'v8';
import { runInNewContext } from 'vm';
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Figures } from './measure';

interface MeasuredStackProps {
  readonly environmentSuffix: string;
  readonly email: string;
  readonly removalPolicy: RemovalPolicy;
}

type StackClass = new (scope: Construct, id: string, props: MeasuredStackProps) => Construct;

/**
 * Synthesizes one app in this process, `node child-<variant>.js <stacks> <removal policy>`, and prints its figures as
 * JSON.
 *
 * An entry of its own for each variant, so that a process loads the files of that variant only.
 */
export function measureSynthesis(Stack: StackClass): void {
  const [stacks, removalPolicy] = process.argv.slice(2);
  const start = performance.now();
  const app = new App();
  for (let index = 1; index <= Number(stacks); index++) {
    new Stack(app, `Stack${index}`, {
      environmentSuffix: `dev${index}`, email: 'devops@example.com', removalPolicy: removalPolicy as RemovalPolicy,
    });
  }
  const construct = performance.now() - start;
  app.synth();
  // the clock of `performance` and the CPU time both begin with the process, so loading the files counts
  const wall = performance.now();
  const { user, system } = process.cpuUsage();
  const memory = process.resourceUsage().maxRSS / 1024;
  const figures: Figures = { cpu: (user + system) / 1000, wall, construct, memory, heap: heapInUse() };
  process.stdout.write(JSON.stringify(figures));
}

/** Without garbage, and last of all, since collecting it takes time and memory itself. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

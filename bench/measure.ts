import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

export type Variant = 'pattern' | 'hand-written';
export type Policy = 'destroy' | 'retain';

/** What one process took: times in milliseconds, memory in MiB. */
export interface Figures {
  /** CPU time of the whole process. */
  readonly cpu: number;
  /** From the start of the process to the end of the synthesis. */
  readonly wall: number;
  /** From `new App()` to the last construct. */
  readonly construct: number;
  /** The peak of the resident memory. */
  readonly memory: number;
  /** The heap at the end, without garbage: the peak depends on when the last collection happened to run. */
  readonly heap: number;
}

/** What is measured: so many stacks in one app. */
export interface Subject {
  readonly variant: Variant;
  readonly policy: Policy;
  readonly stacks: number;
}

/** Counts of resources by type, and what else tells whether two templates are comparable. */
export interface Inventory {
  readonly types: { [type: string]: number };
  readonly resources: number;
  /** The template's length in characters. */
  readonly size: number;
}

/** Starts fresh processes on compiled files. */
export class Runner {
  constructor(private readonly compiled: string) {}

  public measure(subject: Subject): Figures {
    return this.inAssembly((assembly) => this.run(subject, assembly));
  }

  /** Synthesizes one stack and looks at its template. */
  public takeInventory(variant: Variant, policy: Policy): Inventory {
    return this.inAssembly((assembly) => {
      this.run({ variant, policy, stacks: 1 }, assembly);
      const text = fs.readFileSync(path.join(assembly, 'Stack1.template.json'), 'utf8');
      return inventoryOf(text);
    });
  }

  private run({ variant, policy, stacks }: Subject, assembly: string): Figures {
    const script = path.join(this.compiled, 'bench', `child-${variant}.js`);
    const output = execFileSync(process.execPath, [script, String(stacks), policy], {
      // no cdk.json, and of the environment only what a process needs: nothing of the caller's changes what is measured
      cwd: assembly,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        CDK_OUTDIR: assembly,
        // seconds of template validation, the same for both, would hide any difference
        CDK_VALIDATION: 'false',
      },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(output) as Figures;
  }

  private inAssembly<T>(use: (assembly: string) => T): T {
    const assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-assembly-'));
    try {
      return use(assembly);
    } finally {
      fs.rmSync(assembly, { recursive: true, force: true });
    }
  }
}

function inventoryOf(text: string): Inventory {
  const { Resources } = JSON.parse(text) as { Resources: { [id: string]: { Type: string } } };
  const types: { [type: string]: number } = {};
  for (const { Type } of Object.values(Resources)) {
    types[Type] = (types[Type] ?? 0) + 1;
  }
  return { types, resources: Object.keys(Resources).length, size: text.length };
}

/** The types whose counts differ, as `type: pattern / hand-written`. */
export function differences(pattern: Inventory, handWritten: Inventory): string[] {
  return [...new Set([...Object.keys(pattern.types), ...Object.keys(handWritten.types)])].sort()
    .map((type) => ({ type, pattern: pattern.types[type] ?? 0, handWritten: handWritten.types[type] ?? 0 }))
    .filter((count) => count.pattern !== count.handWritten)
    .map((count) => `${count.type}: ${count.pattern} / ${count.handWritten}`);
}

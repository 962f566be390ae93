import { dirname, join } from 'path';
import { BOTH, Case, CaseFactory, Files, ONE, SMALL_PROJECT, writeFiles } from './case-factory';
import { Expectations } from './expect';
import { expectEnd, readFigures, readReport, ReportFigures, Run } from './expectations';
import { Lines, Shape, SHAPES } from './oracle-shapes';
import { Rendered } from '../../../packages/rehearsal/src/assembly/rendered';
import { chooseFor } from '../../../packages/rehearsal/src/build/pythons';
import { createDirectory, removeDirectory, run as runProgram } from '../../../packages/rehearsal/src/processes';

/** What a run of the tests says, by the build or by plain pytest. */
export interface Outcome {
  readonly passed: boolean;
  /** How many tests the report has; undefined when there is no report. */
  readonly tests?: number;
  /** Undefined when nothing was measured. */
  readonly lines?: Lines;
}

/** From the oldest versions that are in use to the newest ones. */
const TOOLS: Readonly<Record<string, string>> = {
  3.9: 'pytest==7.4.4 pytest-cov==4.1.0 coverage==6.5.0',
  3.11: 'pytest==8.4.2 pytest-cov==7.1.0 pytest-xdist==3.8.0',
  3.13: 'pytest==9.0.2 pytest-cov==7.1.0',
};
const USUAL = '3.11';
const REFERENCE_SECONDS = 60;

/**
 * Compares the builds of many kinds of projects with plain pytest in a clean checkout: the verdict, the number of
 * tests, and the coverage.
 *
 * Only the tests of each build run, with the program and the commands of the buildspec, in an environment that all
 * builds share.
 */
export class OracleCases extends CaseFactory {
  private readonly rendered = new Map<string, Rendered>();

  public all(): readonly Case[] {
    const cases = SHAPES.flatMap((shape) => [USUAL, ...shape.pythons ?? []].map((python) => this.shape(shape, python)));
    return [...cases, this.wrongExpectations()];
  }

  private shape(shape: Shape, python: string): Case {
    const name = `plain pytest agrees: ${shape.name}${python === USUAL ? '' : `, with Python ${python}`}`;
    return this.oracle(shape, python, name, async (run) => {
      const plain = await this.plain(shape, python);
      const build = outcomeOf(run);
      if (shape.lastLine !== undefined) {
        expectEnd(run, [`the build failed and released nothing: ${shape.lastLine}`]);
      }
      run.expect.equal([build.passed, plain.passed], verdictsOf(shape), 'what the build and plain pytest say');
      if (shape.stricter !== true) {
        differences(build, plain).forEach((difference) => run.expect.that(false, difference));
      }
      run.expect.that(run.result.output.includes(shape.log ?? ''), `the log does not say '${shape.log}'`);
    });
  }

  /** An oracle that agrees with everything would find nothing. */
  private wrongExpectations(): Case {
    const shape: Shape = { name: 'a project with its own source', files: { '.coveragerc': '[run]\nsource = shop\n' }, measured: 'by its configuration' };
    const name = 'the comparison with plain pytest finds a wrong verdict, number of tests, and coverage';
    return this.oracle(shape, USUAL, name, async (run) => {
      const build = outcomeOf(run);
      run.expect.equal(differences(build, await this.plain(shape, USUAL)), [], 'the list of differences');
      const failing = await this.plain({ ...shape, files: { ...shape.files, 'tests/test_more.py': 'def test_it():\n    assert False\n' } }, USUAL);
      const larger = await this.plain({ ...shape, files: { ...shape.files, 'shop/extra.py': 'a = 1\n' } }, USUAL);
      run.expect.equal([failing, larger].map((plain) => differences(build, plain).length), [2, 1], 'the numbers of differences to other projects');
      run.expect.equal(differences(build, { ...build, lines: undefined }).length, 1, 'the number of differences to a run without coverage');
    });
  }

  private oracle(shape: Shape, python: string, name: string, check: (run: Run) => Promise<void>): Case {
    const { directory = '.', bothModes = false, environment } = shape;
    return {
      name,
      modes: bothModes && python === USUAL ? BOTH : ONE,
      choices: { environment },
      render: () => this.renderTests(shape, python),
      source: (source) => writeFiles(source, this.inside(directory, filesOf(shape))),
      check,
    };
  }

  private renderTests({ directory, testCommand, minimumCoverage, requireTests }: Shape, python: string): Rendered {
    const gates = { minimumCoverage, requireTests, dependencyAudit: false, sbom: false };
    const key = JSON.stringify([directory, testCommand, gates]);
    const rendered = this.rendered.get(key) ?? this.render({ testCommand, gates }, { directory });
    this.rendered.set(key, rendered);
    return onlyTests(rendered, this.environment(python), chooseFor(python, this.interpreters).path, TOOLS[python]);
  }

  private environment(python: string): string {
    return join(dirname(this.canary), `oracle-${python}`);
  }

  /** In a directory of its own, without anything of the build. */
  private async plain(shape: Shape, python: string): Promise<Outcome> {
    const place = createDirectory();
    try {
      const [checkout, tests, coverage] = ['checkout', 'tests.xml', 'coverage.xml'].map((name) => join(place, name));
      writeFiles(checkout, filesOf(shape));
      const bin = join(this.environment(python), 'bin');
      const options = [`--junitxml=${tests}`, ...coverageOptions(shape, coverage)];
      const args = shape.testCommand === undefined ? ['-m', 'pytest', ...options] : ['-c', shape.testCommand];
      const { code } = await runProgram({
        file: shape.testCommand === undefined ? join(bin, 'python') : 'bash',
        args,
        cwd: checkout,
        env: { PATH: `${bin}:/usr/bin:/bin`, HOME: place, ...shape.environment },
      }, REFERENCE_SECONDS);
      return {
        passed: code === 0 || (code === 5 && shape.requireTests === false),
        tests: readFigures(tests)?.figures.tests,
        lines: Array.isArray(shape.measured) ? shape.measured as unknown as Lines : linesOf(readFigures(coverage)),
      };
    } finally {
      removeDirectory(place);
    }
  }
}

function verdictsOf({ lastLine, stricter = false }: Shape): [boolean, boolean] {
  return [lastLine === undefined, lastLine === undefined || stricter];
}

function filesOf({ files }: Shape): Files {
  return { ...SMALL_PROJECT, ...files };
}

/** With the option of the build, that decides instead of the project's threshold. */
function coverageOptions({ measured, minimumCoverage }: Shape, report: string): string[] {
  if (typeof measured !== 'string') { return []; }
  return [
    ...measured === 'by its configuration' ? ['--cov'] : [],
    ...minimumCoverage === undefined ? [] : [`--cov-fail-under=${minimumCoverage}`],
    `--cov-report=xml:${report}`,
  ];
}

/** The commands of the buildspec up to the gates, of which only the tests run, in an environment that is there. */
function onlyTests(rendered: Rendered, environment: string, interpreter: string, tools: string): Rendered {
  const { build } = rendered.spec.phases;
  const call = (name: string) => `bash "$DELIVERY_HOME/program.sh" ${name}`;
  const commands = build?.commands ?? [];
  const prepare = commands.slice(0, commands.indexOf(call('end_repetition')))
    .map((command) => command.replace(/^GATES='(.*)'$/m, (_, gates: string) => `GATES='${gates.split(' ').filter((gate) => /^(install|pytest|coverage)$/.test(gate)).join(' ')}'`));
  const create = `[ -f '${environment}/ready' ] || { '${interpreter}' -m venv '${environment}' && '${environment}/bin/python' -m pip install --quiet ${tools} && touch '${environment}/ready'; }`;
  const tests = `find_pythons; venv='${environment}' python="$venv/bin/python" gate=install; explain passed; check_pytest; ! wanted coverage || check_coverage`;
  const shared = `flock '${environment}.lock' bash -c "${create}"`;
  return {
    ...rendered,
    repositories: [],
    spec: { ...rendered.spec, phases: { ...rendered.spec.phases, build: { ...build, commands: [...prepare, shared, call(`eval '${tests.replace(/'/g, "'\\''")}'`), call('judge_gates')] } } },
  };
}

function outcomeOf({ result }: Run): Outcome {
  const tests = readReport(result, 'JUNITXML');
  return {
    passed: !result.failed.includes('BUILD'),
    // a report that stands in for a missing one has no tests
    tests: tests?.text.includes('classname="build"') ? undefined : tests?.figures.tests,
    lines: linesOf(readReport(result, 'COBERTURAXML')),
  };
}

function linesOf(report: ReportFigures | undefined): Lines | undefined {
  const { 'lines-valid': valid = 0, 'lines-covered': covered = 0 } = report?.figures ?? {};
  return valid > 0 ? [valid, covered] : undefined;
}

/** What the build says otherwise than plain pytest. */
function differences(build: Outcome, plain: Outcome): string[] {
  const expect = new Expectations();
  expect.equal(build.passed, plain.passed, 'whether the build passes');
  if (plain.tests !== undefined || build.tests === undefined) {
    expect.equal(build.tests, plain.tests, 'the number of tests');
  }
  if (plain.passed || plain.lines !== undefined) {
    expect.equal(build.lines, plain.lines, 'the coverage in lines');
  }
  return [...expect.failures];
}

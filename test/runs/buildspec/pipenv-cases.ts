import { createHash } from 'crypto';
import { readFileSync } from 'fs';
import { join } from 'path';
import { Case, CaseFactory, EVIDENCE, Files, GATES, light, Project } from './case-factory';
import { expectEvidence } from './expectations';
import { PipenvOptions, PythonProject } from '../../../src';

const READ = (name: string) => readFileSync(join(__dirname, 'projects', 'pipenv', name), 'utf8');
const PROJECT: Files = {
  'requirements.txt': undefined, 'requirements-dev.txt': undefined, 'Pipfile': READ('Pipfile'), 'Pipfile.lock': READ('Pipfile.lock'),
};

/** Builds of projects with a Pipfile. */
export class PipenvCases extends CaseFactory {
  public all(): readonly Case[] {
    const test = 'from shop import double\n\n\ndef test_dev_packages():\n    import itsdangerous, pytest_cov, text_unidecode\n    assert double(2) == 4\n';
    return [
      this.released('a Pipenv project installs its default and development packages, and the categories of groups',
        this.project({ groups: ['checks'] }, { 'tests/test_shop.py': test }), (run) => {
          expectEvidence(run, EVIDENCE);
          run.expect.equal(this.audited(run.result.sourceDirectory), ['itsdangerous'], 'what the audit saw');
        }, GATES),
      this.released('the Python version of a Pipfile is the version of the build', light(this.project({}, {
        ...this.requiring(this.newest), 'tests/test_shop.py': `import sys\n\n\ndef test_version():\n    assert "%d.%d" % sys.version_info[:2] == "${this.newest}"\n`,
      })), ({ expect, result }) => expect.that(result.output.includes(`python_version of Pipfile (${this.newest}) allows`) || this.interpreters.length === 1,
        'the log does not say why this version was chosen'), ['bandit', 'image', 'install', 'pytest']),
      this.refused('a Pipfile.lock that does not match its Pipfile fails the build', light(this.project({}, {
        Pipfile: READ('Pipfile').replace('==2.2.0', '==2.1.0'),
      })), { verdict: 'install: Pipfile.lock does not match Pipfile: run pipenv lock and commit it' }),
      this.refused('a Pipenv project without a lock file fails the build', light(this.project({}, { 'Pipfile.lock': undefined })),
        { verdict: 'install: Pipfile.lock is missing: run pipenv lock and commit it, or use PythonProject.pip()' }),
      this.refused('a lock file without its Pipfile fails the build', light(this.project({}, { Pipfile: undefined })),
        { verdict: 'install: Pipfile is missing: commit it beside Pipfile.lock' }),
      this.refused('a category that the Pipfile does not have fails the build', light(this.project({ groups: ['docs'] })),
        { verdict: 'install: Pipfile.lock has no category docs: add it to Pipfile and run pipenv lock, or change groups' }),
      this.refused('a pythonVersion that the Pipfile excludes fails the build', light(this.project(
        { pythonVersion: this.interpreters[0].minor }, this.requiring('3.99'),
      )), { verdict: `install: the Python versions contradict each other: pythonVersion is ${this.interpreters[0].minor}, which python_version of Pipfile (3.99) excludes: change one of them` }),
    ];
  }

  /** The lock file is for Python 3.10 and later. */
  private get newest(): string {
    const minors = this.interpreters.map(({ minor }) => Number(minor.split('.')[1]));
    return `3.${Math.max(...minors)}`;
  }

  private project(options: PipenvOptions, files: Files = {}): Project {
    const all = { ...PROJECT, ...files };
    // a Pipfile that names a version chooses it
    const pythonVersion = all.Pipfile?.includes('[requires]') ? undefined : this.newest;
    return { files: all, pipeline: { python: PythonProject.pipenv({ pythonVersion, ...options }) } };
  }

  /** Another version in the Pipfile, and the hash by which Pipenv knows that its lock file matches. */
  private requiring(version: string): Files {
    const relevant = {
      _meta: { requires: { python_version: version }, sources: [{ name: 'pypi', url: 'https://pypi.org/simple', verify_ssl: true }] },
      checks: { 'text-unidecode': '==1.3' },
      default: { itsdangerous: '==2.2.0' },
      develop: { 'pytest': '==8.4.2', 'pytest-cov': '==7.1.0' },
    };
    const hash = createHash('sha256').update(JSON.stringify(relevant)).digest('hex');
    return {
      'Pipfile': `${READ('Pipfile')}\n[requires]\npython_version = "${version}"\n`,
      'Pipfile.lock': READ('Pipfile.lock').replace(/(?<="sha256": ")[0-9a-f]{64}/, hash),
    };
  }
}

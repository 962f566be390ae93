import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { join } from 'path';
import {
  BOTH, BUILD_SYSTEM, Case, CaseFactory, Files, fixture, light, LIGHT_GATES, PASSING_TEST, Project, SMALL_PROJECT,
} from './case-factory';
import { expectRelease, Run } from './expectations';
import { INDEX_LOGIN, PackageIndexes } from './package-indexes';
import { chooseFor, Interpreter } from '../../../packages/rehearsal/src/build/pythons';
import { PythonProject } from '../../../src';

const WITHOUT: Files = { 'requirements.txt': undefined, 'requirements-dev.txt': undefined };

/** A test that looks where packages come from, and which versions they have. */
function asserting(...lines: string[]): string {
  return `${PASSING_TEST}\n\ndef test_installed():\n    from importlib.metadata import version\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

const FROM_PRIVATE = asserting('import shop_lib', 'assert shop_lib.SOURCE == "private"');

/** A project of Poetry with an optional group, a source of its own, and a lock file that fits. */
function poetryProject(url: string): Files {
  const { 'pyproject.toml': project, 'poetry.lock': lock } = fixture('poetry');
  const relevant = '{"dependencies": {"itsdangerous": "*", "python": ">=3.9,<4"}, "dev-dependencies": null, "extras": null, '
    + '"group": {"test": {"dependencies": {"pytest": "*"}, "optional": true}}, '
    + `"source": [{"name": "internal", "priority": "supplemental", "url": "${url}"}]}`;
  return {
    'pyproject.toml': `${project?.replace('[tool.poetry.group.dev.dependencies]', '[tool.poetry.group.test]\noptional = true\n[tool.poetry.group.test.dependencies]')}`
      + `\n[[tool.poetry.source]]\nname = "internal"\nurl = "${url}"\npriority = "supplemental"\n`,
    'poetry.lock': lock?.replace(/groups = \["dev"\]/g, 'groups = ["test"]')
      .replace(/^content-hash = .*$/m, `content-hash = "${createHash('sha256').update(relevant).digest('hex')}"`),
  };
}

/** How packages come into the environment of a project, and what a build says when they do not. */
export class InstallingCases extends CaseFactory {
  constructor(
    interpreters: readonly [Interpreter, ...Interpreter[]], canary: string, advisories: string,
    private readonly indexes: PackageIndexes,
  ) {
    super(interpreters, canary, advisories);
  }

  public all(): readonly Case[] {
    return [...this.sources(), ...this.versions(), ...this.choices(), ...this.failures(), this.pruning()];
  }

  /** A version of Python, or the first where this machine lacks it. */
  private on(minor: string): string {
    return chooseFor(minor, this.interpreters).minor;
  }

  private get secret(): string {
    return this.indexes.secret.replace('//', `//${INDEX_LOGIN.username}:${INDEX_LOGIN.password}@`);
  }

  private installed(name: string, project: Project, also?: (run: Run) => void, minimumTests = 2): Case {
    return this.released(name, light(project), (run) => {
      run.expect.that(!run.result.output.includes(INDEX_LOGIN.password), 'the log contains the password of the index');
      also?.(run);
    }, LIGHT_GATES, minimumTests);
  }

  private sources(): Case[] {
    const { public: publicIndex, private: privateIndex, secret } = this.indexes;
    const { minor } = this.interpreters[0];
    const logs = (...lines: string[]) => ({ expect, result }: Run) => {
      lines.forEach((line) => expect.that(result.output.split('\n').includes(line), `the log does not say '${line}'`));
    };
    return [
      this.installed('indexes that installCommands export are those of uv too, and a package that two of them have is named', {
        modes: BOTH,
        files: {
          'requirements.txt': 'shop-lib\nshop-low\nshop-tie\n',
          // what pip installs: the higher version, and of equal ones that of the last index
          'tests/test_shop.py': `${FROM_PRIVATE}    import shop_tie\n    assert (version("shop-low"), shop_tie.SOURCE) == ("9.0", "private")\n`,
        },
        pipeline: { installCommands: [`export PIP_INDEX_URL=${publicIndex} PIP_EXTRA_INDEX_URL=${this.secret}`] },
      }, logs(
        `packages come from /opt/wheels, ${publicIndex}, ${secret}`.replace('/opt/wheels, ', process.env.PIP_FIND_LINKS ? `${process.env.PIP_FIND_LINKS}, ` : ''),
        `warning: shop-lib==2.0 came from ${secret}, and ${publicIndex} has shop-lib too: name one index only, or reserve the name in the public one`,
        `warning: shop-low==9.0 came from ${publicIndex}, and ${secret} has shop-low too: name one index only, or reserve the name in the public one`,
        `warning: shop-tie==1.0 came from ${secret}, and ${publicIndex} has shop-tie too: name one index only, or reserve the name in the public one`,
      )),
      this.installed('a file of pip and a .netrc that installCommands write count for uv', {
        files: { 'requirements.txt': 'shop-lib\n', 'tests/test_shop.py': FROM_PRIVATE },
        python: { pythonVersion: this.on('3.13') },
        pipeline: {
          installCommands: [
            `python -m pip config set global.index-url ${secret}`,
            `printf 'machine 127.0.0.1 login ${INDEX_LOGIN.username} password ${INDEX_LOGIN.password}\\n' > ~/.netrc`,
          ],
        },
      }, ({ expect, result }) => expect.that(!result.output.includes('falling back to pip'), 'uv did not install')),
      this.installed('requirements that name an index are installed by pip', {
        files: { 'requirements.txt': `--extra-index-url ${privateIndex}\nshop-lib\n`, 'tests/test_shop.py': FROM_PRIVATE },
      }, ({ expect, result }) => expect.that(result.output.includes('pip installs, because requirements.txt contains --extra-index-url'), 'the log does not say why pip installs')),
      this.installed('a project of pip is not bound by the settings of uv, except for its indexes', {
        files: {
          'requirements.txt': 'shop-lib\n',
          'pyproject.toml': '[tool.uv]\nrequired-version = "==0.4.0"\nno-build = true\nenvironments = ["sys_platform == \'win32\'"]\n'
            + `[[tool.uv.index]]\nname = "internal"\nurl = "${privateIndex}"\n`,
          'tests/test_shop.py': FROM_PRIVATE,
        },
      }, ({ expect, result }) => expect.that(result.output.includes('uv is configured by index of pyproject.toml'), 'the log does not name the setting of uv')),
      this.installed('a source of Poetry counts for a package of the tests, and an optional group test is installed', {
        files: { ...WITHOUT, ...poetryProject(privateIndex), 'tests/test_shop.py': FROM_PRIVATE },
        pipeline: { python: PythonProject.poetry({ pythonVersion: minor, indexUrl: 'https://pypi.org/simple', extraTestPackages: ['shop-lib'] }) },
      }, ({ expect, result }) => expect.that(result.output.includes('groups: test (declared by pyproject.toml)'), 'the log does not name the group')),
    ];
  }

  /** Versions that are read from git, which the bundle does not contain. */
  private versions(): Case[] {
    const { minor } = this.interpreters[0];
    const uv = fixture('uv');
    const dynamic = (backend: string, requires: string, table: string, name = 'shop') => (
      `[build-system]\nrequires = [${requires}]\nbuild-backend = "${backend}"\n\n[project]\nname = "${name}"\ndynamic = ["version"]\ndependencies = ["itsdangerous"]\n${table}`);
    return [
      this.installed('a version of pdm-backend and one of a local package with hatch-vcs have a stand-in, and a dependency that is built keeps its version', {
        files: {
          ...WITHOUT,
          // built with hatch-vcs, as the local package is
          'requirements.txt': '--no-binary iniconfig\niniconfig==2.1.0\nitsdangerous\n',
          'requirements-dev.txt': '-e ./lib\npytest\npytest-cov\n',
          'pyproject.toml': dynamic('pdm.backend', '"pdm-backend"', '[tool.pdm.version]\nsource = "scm"\n'),
          'lib/pyproject.toml': dynamic('hatchling.build', '"hatchling", "hatch-vcs"', '[tool.hatch.version]\nsource = "vcs"\n', 'shop-local'),
          'lib/shop_local/__init__.py': '',
          'tests/test_shop.py': asserting('assert (version("shop"), version("shop-local")) == ("0.0.0", "0.0.0")', 'assert version("iniconfig") == "2.1.0"'),
        },
      }),
      this.installed('a version of uv-dynamic-versioning has a stand-in, and a group tests is installed from the lock file of uv', {
        files: {
          ...WITHOUT,
          'shop/__init__.py': undefined,
          'src/shop/__init__.py': SMALL_PROJECT['shop/__init__.py'],
          'Dockerfile': this.dockerfile('src'),
          'pyproject.toml': uv['pyproject.toml']?.replace(/\[build-system\][^]*?\[project\]/, '[build-system]\nrequires = ["hatchling", "uv-dynamic-versioning"]\n'
            + 'build-backend = "hatchling.build"\n[tool.hatch.version]\nsource = "uv-dynamic-versioning"\n[project]')
            .replace('version = "1"', 'dynamic = ["version"]').replace('dev = [', 'tests = ['),
          'uv.lock': uv['uv.lock']?.replace('name = "shop"\nversion = "1"\n', 'name = "shop"\n').replace(/^dev = \[/gm, 'tests = ['),
          'tests/test_shop.py': asserting('assert version("shop") == "0.0.0"', 'assert version("iniconfig")'),
        },
        pipeline: { python: PythonProject.uv({ pythonVersion: minor }) },
      }),
      this.refused('a version that no stand-in can replace fails the build', light({
        files: {
          ...WITHOUT,
          'pyproject.toml': dynamic('hatchling.build', '"hatchling", "versioningit"', '[tool.hatch.version]\nsource = "versioningit"\n'),
        },
      }), { verdict: 'install: the version of the project is read from Git, and the source has no .git: set fullClone of the source' }),
    ];
  }

  private choices(): Case[] {
    return [
      this.installed('an extra in an inline table and a group test are installed for the tests of a project of pip', {
        files: {
          ...WITHOUT,
          'pyproject.toml': `${BUILD_SYSTEM}[project]\nname = "shop"\nversion = "1"\ndependencies = ["itsdangerous"]\noptional-dependencies = { "dev" = ["colorama"] }\n`
            + '[dependency-groups]\nbase = ["iniconfig"]\ntest = [{ include-group = "base" }, "pytest-xdist"]\n[tool.setuptools]\npackages = ["shop"]\n',
          'tests/test_shop.py': asserting('assert version("colorama") and version("iniconfig") and version("pytest-xdist")'),
        },
      }, ({ expect, result }) => {
        expect.that(result.output.includes('extras: dev (declared by pyproject.toml); groups: test (declared by pyproject.toml)'), 'the log does not say what was chosen');
      }),
    ];
  }

  private failures(): Case[] {
    return [
      this.refused('a Dockerfile that is elsewhere fails the build, and no retry follows', light({
        files: { 'Dockerfile': undefined, 'docker/Dockerfile': this.dockerfile('shop') },
      }), { verdict: 'image: there is no Dockerfile at Dockerfile: set dockerfile, the repository has docker/Dockerfile' }, ({ expect, result }) => {
        expect.that(!result.calls.some(({ tool }) => tool === 'docker'), 'the build called docker');
        expect.that(!/^gate .*~/m.test(result.output), 'the log contains an inner mark');
      }),
      this.refused('a context of the image that is not there fails the build', light({ python: { imageContext: 'services' } }), {
        verdict: 'image: there is no directory services for the image: set imageContext',
      }),
    ];
  }

  private pruning(): Case {
    const files = (requirements: string) => ({ 'requirements.txt': requirements });
    const downloads = ({ result }: Run) => execFileSync('tar', ['-tf', join(result.sourceDirectory, '.delivery/cache/downloads.tar')], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    const before = this.installed('a dependency that is removed is not in the downloads of the next build', { files: files('itsdangerous==2.2.0\ncolorama==0.4.6\n') }, undefined, 1);
    const after = this.case('without the dependency', light({ files: files('itsdangerous==2.2.0\n') }));
    return {
      ...before,
      cached: true,
      check: async (run) => {
        await expectRelease(run, { gates: LIGHT_GATES, minimumTests: 1 });
        run.expect.that(downloads(run).includes('colorama'), 'the first archive does not contain the dependency');
        const next = await run.again({ source: after.source });
        await expectRelease(next, { gates: LIGHT_GATES, minimumTests: 1 });
        const names = downloads(next);
        next.expect.that(!names.includes('colorama'), 'the archive still contains the dependency');
        next.expect.that(names.includes('itsdangerous'), 'the archive lost a dependency');
        next.expect.that(!next.result.output.includes('Preparing packages'), 'the build downloaded packages again');
      },
    };
  }
}

import { PipenvOptions, PipOptions, PoetryOptions, PythonProjectOptions, RequirementsInstaller, UvOptions } from '../python-project-options';
import { list, quote } from './shell';

/** The version of Pipenv. It is exact, so that later builds give the same results. */
const PIPENV_VERSION = '2026.10.3';

/** The settings of each installer, and a call of its function in the program. */
export function pipCommands(options: PipOptions): string[] {
  const { requirementsFiles, testRequirementsFiles, installer = RequirementsInstaller.UV } = options;
  const given = requirementsFiles !== undefined;
  return [
    ...common(options),
    list('requirements_files', requirementsFiles ?? ['requirements.txt']),
    list('test_requirements_files', testRequirementsFiles ?? (given ? [] : ['requirements-dev.txt', 'requirements-test.txt'])),
    // a file that an option names must exist
    `requirements_option=${given ? 'requirementsFiles' : ''}`,
    `test_requirements_option=${testRequirementsFiles ? 'testRequirementsFiles' : ''}`,
    `INSTALLER=${installer}`,
    'install_pip_project',
  ];
}

export function uvCommands(options: UvOptions): string[] {
  return [...common(options), `allow_outdated_lock=${options.allowOutdatedLock ? 'yes' : 'no'}`, 'install_uv_project'];
}

export function poetryCommands(options: PoetryOptions): string[] {
  const { installRoot = true, poetryVersion = '' } = options;
  return [...common(options), `poetry_version=${quote(poetryVersion)}`, `install_root=${installRoot ? 'yes' : 'no'}`, 'install_poetry_project'];
}

export function pipenvCommands(options: PipenvOptions): string[] {
  const { pipenvVersion = PIPENV_VERSION } = options;
  return [...common(options), `pipenv_version=${quote(pipenvVersion)}`, 'install_pipenv_project'];
}

function common({ extras, groups, extraTestPackages = [] }: PythonProjectOptions): string[] {
  return [
    list('extras', extras ?? []),
    list('groups', groups ?? []),
    // an empty list means none, and not the usual names
    ...extras ? ['extras_given=yes'] : [],
    ...groups ? ['groups_given=yes'] : [],
    list('extra_test_packages', extraTestPackages),
  ];
}

import { Project } from './build-projects';
import { BuildSpec, Rendered } from '../packages/rehearsal/src/assembly/rendered';
import { REGISTRY } from '../packages/rehearsal/src/build/docker';
import { AdvisorySource, PythonProject, QualityGateOptions } from '../src';
import { renderPattern } from '../test/runs/buildspec/template';

/** The library's buildspec with its defaults, but for the source of advisories. */
export function renderOurs(project: Project, advisories: string): Rendered {
  return render(project, { advisorySource: AdvisorySource.osv({ url: advisories }) });
}

/** Nearer to what the usual one does: bandit stays, since it runs whether it fails the build or not. */
export function renderLean(project: Project): Rendered {
  return render(project, { dependencyAudit: false, sbom: false });
}

function render({ interpreter: { minor }, buildArguments }: Project, gates: QualityGateOptions): Rendered {
  return renderPattern({ pipeline: { python: PythonProject.pip({ pythonVersion: minor, buildArguments }), gates } });
}

/** What people copy: install, test, build, push, one after the other, and nothing kept for the next build. */
export function renderUsual(project: Project): Rendered {
  const repository = `usual-${project.interpreter.minor}`;
  const spec = usualBuildSpec(project);
  return {
    text: JSON.stringify(spec),
    spec,
    variables: { REPOSITORY: `${REGISTRY}/${repository}` },
    parameters: {},
    secrets: {},
    privileged: true,
    cached: false,
    repositories: [{ name: repository, immutable: false, exceptions: [] }],
    placeholder: [],
    assets: {},
  };
}

function usualBuildSpec({ interpreter: { minor }, buildArguments = {} }: Project): BuildSpec {
  const options = Object.entries(buildArguments).map(([name, value]) => ` --build-arg ${name}=${value}`).join('');
  return {
    phases: {
      install: {
        'runtime-versions': { python: minor },
        'commands': ['pip install -r requirements-dev.txt'],
      },
      pre_build: {
        commands: [
          'aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY%%/*}"',
          'export IMAGE="$REPOSITORY:$CODEBUILD_RESOLVED_SOURCE_VERSION"',
        ],
      },
      build: {
        commands: [
          'pytest --cov',
          // the context comes first: the runner's docker looks at a context that comes last, and refuses what the tests
          // leave in it
          `docker build . -t "$IMAGE"${options}`,
        ],
      },
      post_build: {
        commands: [
          'docker push "$IMAGE"',
          'printf \'[{"name":"app","imageUri":"%s"}]\' "$IMAGE" > imagedefinitions.json',
        ],
      },
    },
    artifacts: { files: ['imagedefinitions.json'] },
  };
}

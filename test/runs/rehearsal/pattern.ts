import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { PipelineModel } from '../../../packages/rehearsal/src/assembly/model';
import { loadPipeline } from '../../../packages/rehearsal/src/assembly/pipeline-model';
import { AdvisorySource, BlueGreenPythonPipeline, PythonProject } from '../../../src';
import { startAdvisories } from '../buildspec/advisories';

/** The application that all rehearsals of this repository release. */
export const EXAMPLE = join(__dirname, '..', '..', '..', 'examples', 'python-app');

/** The pattern as a rehearsal reads it, with a source of advisories that this machine reaches. */
export async function readPattern(directory: string): Promise<PipelineModel> {
  const outdir = join(directory, 'assembly');
  const app = new App({ outdir });
  const { url } = await startAdvisories();
  new BlueGreenPythonPipeline(new Stack(app, 'Stack'), 'Orders', {
    environmentSuffix: 'test',
    service: { healthCheck: { path: '/health' } },
    pipeline: {
      python: PythonProject.pip({
        pythonVersion: '3.11', buildArguments: { PYTHON_IMAGE: 'public.ecr.aws/docker/library/python:3.11-slim' },
      }),
      gates: { advisorySource: AdvisorySource.osv({ url }) },
    },
  });
  app.synth();
  return loadPipeline(outdir);
}

import { CORPUS } from './corpus';

/**
 * Which rules an event of the corpus passes when everything is told: the one of the log, which keeps it, is left out.
 */
const TOLD: { readonly [event: string]: string[] } = {
  'pipeline: succeeded': ['pipeline-succeeded'],
  'pipeline: failed': ['pipeline-failed'],
  'pipeline: failed at the second attempt': ['pipeline-failed'],
  'pipeline: failed after a start by hand': ['pipeline-failed'],
  'pipeline: failed after a webhook': ['pipeline-failed'],
  'pipeline: failed first': ['pipeline-failed'],
  'pipeline: failed first at the second attempt': ['pipeline-failed'],
  'pipeline: failed without a trigger': ['pipeline-failed'],
  'action: build failed': ['action-failed'],
  'action: build stopped by hand': ['action-failed'],
  'action: build failed without a result': ['action-failed'],
  'action: source failed': ['action-failed'],
  'action: deploy failed': ['action-failed'],
  'action: approval waits': ['approval-waits'],
  'action: approval rejected': ['action-failed'],
  'action: own stage failed': ['action-failed'],
  'deployment: failure': ['deployment-failed'],
  'deployment: stop': ['deployment-failed'],
  'alarm: goes off': ['alarm'],
  'alarm: goes off for the first time': ['alarm'],
  'alarm: is over': ['alarm'],
  'alarm: knows nothing': ['alarm'],
  'alarm: of the other colour goes off': ['alarm'],
  'alarm: composite goes off': ['alarm'],
  'scan: critical': ['image-scan'],
  'scan: high': ['image-scan'],
  'scan: by Inspector critical': ['image-scan'],
  'finding: in use critical': ['image-finding'],
  'finding: in use high': ['image-finding'],
  'finding: in use without marks critical': ['image-finding'],
  'finding: live without a count critical': ['image-finding'],
};

/**
 * What the second stack and the sample app's default profile leave out: they ask for neither success, approval, the
 * alarm from elsewhere nor the severity HIGH.
 */
const NOT_TOLD_BY_DEFAULT = [
  'pipeline: succeeded', 'action: approval waits', 'alarm: composite goes off', 'scan: high', 'finding: in use high',
];

/**
 * What the log keeps, beside what is told of pipeline and deployment: every event of this pipeline, its builds and its
 * deployments.
 */
const KEPT = [
  ...[...CORPUS.keys()].filter((name) => /^(pipeline|stage|action|build|deployment): /.test(name) && !name.includes(': of another')),
  // the log does not look into an event
  ...['no detail', 'state in lower case', 'state is a number', 'state is null', 'state is an object', 'detail is empty', 'detail-type differs']
    .map((name) => `malformed: ${name}`),
];

/** Without the details of failures, one rule tells of what the others tell of one by one, and nothing else is kept. */
function toldInBrief(event: string): string[] {
  const told = NOT_TOLD_BY_DEFAULT.includes(event) ? [] : TOLD[event] ?? [];
  const failures = told.some((role) => ['pipeline-failed', 'deployment-failed'].includes(role)) ? ['pipeline-failed'] : [];
  return [...failures, ...told.filter((role) => !/-failed$/.test(role)), ...event === 'deployment: success' ? ['image-marks'] : []];
}

/** The rules that an event passes in each of the stacks. */
export const EXPECTED: { readonly [stack: string]: (event: string) => string[] } = {
  'everything told': (event) => [...TOLD[event] ?? [], ...kept(event)],
  'an empty repository, nothing asked for': (event) => [...NOT_TOLD_BY_DEFAULT.includes(event) ? [] : TOLD[event] ?? [], ...kept(event)],
  'without the details of failures': toldInBrief,
  'the sample app in production': (event) => [
    ...NOT_TOLD_BY_DEFAULT.includes(event) && event !== 'pipeline: succeeded' ? [] : TOLD[event] ?? [], ...kept(event),
  ],
  'the sample app': (event) => [...NOT_TOLD_BY_DEFAULT.includes(event) ? [] : TOLD[event] ?? [], ...kept(event)],
};

/** What happens with an event beside the messages: the log keeps it, and the image of a release is marked. */
function kept(event: string): string[] {
  return [...KEPT.includes(event) ? ['activity'] : [], ...event === 'deployment: success' ? ['image-marks'] : []];
}

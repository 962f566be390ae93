import { DockerHubCredentialsConfig } from '../docker-hub-credentials';
import { PythonProjectConfig } from '../python-project-options';
import { FindingSeverity, QualityGateOptions } from '../quality-gates';
import { Gate } from './gates';
import { call, quote, shellFunction } from './shell';

/** Where the last image that was pushed is named: the next build takes its layers. */
const LAST_IMAGE = '"s3://$ARTIFACT_BUCKET/cache/image"';

/** How often the scan is asked for, with five seconds between. */
const SCAN_ATTEMPTS = 120;

/** How the image is made. */
export interface ImageOptions {
  readonly project: PythonProjectConfig;
  readonly cached: boolean;
  readonly dockerHub?: DockerHubCredentialsConfig;
}

/** Builds the image, beside the other checks; it is pushed after all have passed. */
export function image({ project, cached, dockerHub }: ImageOptions): Gate {
  const context = project.imageContext === undefined ? '$PROJECT_DIRECTORY' : quoteInside(project.imageContext);
  const given = { ...dockerHub?.buildArguments, ...project.buildArguments };
  const buildArguments = Object.entries(given).map(([name, value]) => ` --build-arg ${quote(`${name}=${value}`)}`).join('');
  return {
    name: 'image',
    lines: shellFunction('check_image', [
      'gate=image',
      'cd "$DELIVERY_HOME/image"',
      'explain "~the registry let nobody in: see the log"',
      'aws ecr get-login-password | docker login --username AWS --password-stdin "${IMAGE_REPOSITORY%%/*}"',
      ...dockerHub?.loginCommands ?? [],
      'explain "~the image could not be built: see the log of docker, and mend the Dockerfile"',
      ...(cached ? [
        'options=(--build-arg BUILDKIT_INLINE_CACHE=1)',
        `last="$(keep ${LAST_IMAGE} - 2>/dev/null || true)"`,
        '[ -z "$last" ] || options+=(--cache-from "$last")',
      ] : ['options=()']),
      `docker build --pull --tag "$IMAGE" --file "$PROJECT_DIRECTORY/"${quote(project.dockerfile)}${buildArguments} "\${options[@]}" "${context}"`,
      'explain passed',
    ]),
  };
}

/** What follows when every gate has passed. The artifact is complete with its last file only. */
export function publishing({ imageScanSeverity, ignoredVulnerabilities = [] }: QualityGateOptions, cached: boolean): string[] {
  return [
    ...shellFunction('push', [
      'gate=push',
      'explain "~the registry refused the image: see the log"',
      'docker push "$IMAGE"',
      'explain passed',
    ]),
    ...(imageScanSeverity ? shellFunction('scan', scan(imageScanSeverity, ignoredVulnerabilities)) : []),
    ...shellFunction('release', [
      'printf \'{"ImageURI":"%s"}\\n\' "$IMAGE_REPOSITORY@$IMAGE_DIGEST" > "$release/imageDetail.json"',
      ...(cached ? [`printf %s "$IMAGE_REPOSITORY@$IMAGE_DIGEST" | keep - ${LAST_IMAGE} || echo "the next build will have no layers to take"`] : []),
    ]),
  ];
}

/** The commands that call them. */
export function publishCommands({ imageScanSeverity }: QualityGateOptions): string[] {
  return [
    call('push'),
    'export IMAGE_DIGEST="$(docker image inspect --format "{{range .RepoDigests}}{{println .}}{{end}}" "$IMAGE" '
    + '| grep -F "$IMAGE_REPOSITORY@sha256:" | head -n 1 | cut -d @ -f 2)"',
    ...(imageScanSeverity ? [call('scan')] : []),
    call('release'),
  ];
}

function scan({ level }: FindingSeverity, ignored: string[]): string[] {
  return [
    'gate=scan',
    'find_pythons',
    'explain "~the registry did not scan the image within ten minutes: see its console"',
    `for attempt in $(seq ${SCAN_ATTEMPTS}); do`,
    'aws ecr describe-image-scan-findings --repository-name "${IMAGE_REPOSITORY#*/}" --image-id "imageDigest=$IMAGE_DIGEST" --output json '
    + '> "$reports/image-scan.json" || true',
    'if grep -Eq \'"status": *"(COMPLETE|ACTIVE|FAILED|UNSUPPORTED_IMAGE|SCAN_ELIGIBILITY_EXPIRED)"\' "$reports/image-scan.json"; then',
    ['judge scan "$reports/image-scan.json"', level.toUpperCase(), ...ignored.map(quote)].join(' '),
    'break',
    'fi',
    'sleep 5',
    'done',
    '[ "$(cat "$gates/scan")" = passed ]',
  ];
}

/** A text as part of a word in double quotes. */
function quoteInside(text: string): string {
  return text.replace(/[\\"$`]/g, '\\$&');
}

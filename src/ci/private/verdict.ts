import { quote, shellFunction } from './shell';

/** Where this execution's evidence is kept. */
const EVIDENCE = 's3://$ARTIFACT_BUCKET/reports/${PIPELINE_EXECUTION_ID:-by-hand}';
const VERDICT = `"${EVIDENCE}/verdict"`;

/** The one step that fails for the gates, so that each of them has run and left its report. */
export function judgeGates(names: string[]): string[] {
  return shellFunction('judge_gates', [
    'failed=0',
    `for gate in ${names.join(' ')}; do`,
    // what follows from a failed installation is not told of
    '[ -s "$gates/$gate" ] || [ "$(cat "$gates/install")" != passed ] || explain "~it did not run: see the log"',
    '[ ! -s "$gates/$gate" ] || echo "gate $gate: $(cat "$gates/$gate")"',
    '[ "$(cat "$gates/$gate" 2>/dev/null)" = passed ] || failed=1',
    'done',
    'exit "$failed"',
  ]);
}

/**
 * Ends a build that CodePipeline started again after one that failed by its own verdict: the same commit would fail the same way.
 *
 * The retry is for builds that failed otherwise. A verdict counts once, so that whoever starts the stage again gets a real build.
 */
export function endRepetition(): string[] {
  return shellFunction('end_repetition', [
    '[ -n "${PIPELINE_EXECUTION_ID:-}" ] || exit 0',
    `before="$(keep ${VERDICT} - 2>/dev/null || true)"`,
    '[ -n "$before" ] || exit 0',
    `printf "" | keep - ${VERDICT}`,
    'gate=repeated',
    'explain "the build before has judged: $before (retry the stage, and it runs again)"',
    'exit 1',
  ]);
}

/**
 * What is done however the build ends: a report that is missing is filled in, since it would fail the upload and hide what went wrong;
 * the evidence is kept; and the last line of the log says what to do.
 */
export function conclude(): string[] {
  return shellFunction('conclude', [
    'text="" own=yes',
    'for file in "$gates"/*; do',
    'result="$(cat "$file" 2>/dev/null || true)"',
    'case "$result" in ""|passed) continue ;; "~"*) own=no ;; esac',
    'text="$text${text:+; }$(basename "$file"): ${result#\\~}"',
    'done',
    '[ -n "$text" ] || { text="a command failed, see the log above"; own=no; }',
    ...fillInReports(),
    `keep --recursive "$reports" "${EVIDENCE}/$CODEBUILD_BUILD_NUMBER/" || echo "the reports could not be kept: see the error above"`,
    `echo "reports: ${EVIDENCE}/$CODEBUILD_BUILD_NUMBER/"`,
    'if [ -f "$release/imageDetail.json" ]; then',
    'echo "the build passed: $IMAGE_REPOSITORY@$IMAGE_DIGEST"',
    'else',
    `[ "$own" = no ] || [ -e "$gates/repeated" ] || printf %s "$text" | keep - ${VERDICT} || true`,
    'echo "the build failed and released nothing: $text"',
    'fi',
  ]);
}

function fillInReports(): string[] {
  const failed = '<testcase classname="build" name="pytest"><error message="%s"/></testcase>';
  return [
    'if [ ! -s "$reports/pytest.xml" ]; then',
    // a test command of the user's own may leave no report and pass
    `errors=1 testcase=${quote(failed)}`,
    '[ "$(cat "$gates/pytest" 2>/dev/null)" != passed ] || errors=0 testcase="<testcase name=\\"pytest\\"/>"',
    'printf "<testsuites><testsuite name=\\"pytest\\" tests=\\"1\\" errors=\\"$errors\\">$testcase</testsuite></testsuites>\\n" '
    + '"$(printf %s "$text" | tr -d "<>&\\"")" > "$reports/pytest.xml"',
    'fi',
    '[ -s "$reports/coverage.xml" ] || printf \'<coverage line-rate="0" branch-rate="0" lines-covered="0" lines-valid="0" branches-covered="0" '
    + 'branches-valid="0" complexity="0" version="0" timestamp="0"><sources/><packages/></coverage>\\n\' > "$reports/coverage.xml"',
  ];
}

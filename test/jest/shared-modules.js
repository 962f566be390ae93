/**
 * Libraries that one load serves for all test files of a worker. Jest loads each module anew for each file: with the CDK that is
 * most of a small file's time, and its code stays cold. None of them is under test, or mocked.
 */
const SHARED = /^(aws-cdk-lib|constructs|fast-check|typescript|yaml|vega|vega-lite|cdk-nag|@aws-cdk|@cdklabs|@cloud-copilot|@jsii)(\/|$)/;

/** Makes the runtime of a test file take the shared libraries from the worker. */
exports.share = function share(runtime) {
  const own = runtime.requireModuleOrMock.bind(runtime);
  runtime.requireModuleOrMock = (from, name) => (SHARED.test(name) ? require(name) : own(from, name));
};

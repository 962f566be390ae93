const fs = require('fs');
const path = require('path');
const { createEmptyTestResult } = require('@jest/test-result');
const circus = require('jest-circus/runner').default;
const { share } = require('../../jest/shared-modules');

/** Jest looks at all files and at all tests for each mutant, even where the first has killed it. */
let killed;

module.exports = async function run(globalConfig, config, environment, runtime, testPath, ...rest) {
  const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
  const names = namesFile(config, testPath);
  if (mutant !== undefined && (mutant === killed || !hasTests(names, globalConfig.testNamePattern))) {
    return resultOf('pending');
  }
  share(runtime);
  if (mutant === undefined) {
    const result = await circus(globalConfig, config, environment, runtime, testPath, ...rest);
    fs.mkdirSync(path.dirname(names), { recursive: true });
    fs.writeFileSync(names, JSON.stringify(result.testResults.map(({ fullName }) => fullName)));
    return result;
  }
  const result = await attempt(() => circus(globalConfig, config, environment, runtime, testPath, ...rest));
  if (result.numFailingTests > 0) { killed = mutant; }
  return result;
};

/** A test file that cannot even be loaded is a failing test to a person who runs it; Stryker leaves such mutants out of its score. */
async function attempt(run) {
  try {
    const result = await run();
    return result.testExecError ? resultOf('failed', String(result.testExecError.message ?? result.testExecError)) : result;
  } catch (error) {
    return resultOf('failed', String(error?.message ?? error));
  }
}

function resultOf(status, message) {
  const test = {
    ancestorTitles: [],
    duration: 0,
    failing: false,
    failureDetails: [],
    failureMessages: message === undefined ? [] : [message],
    fullName: 'the test file can be loaded',
    invocations: 1,
    location: null,
    numPassingAsserts: 0,
    retryReasons: [],
    status,
    title: 'the test file can be loaded',
  };
  const counts = status === 'failed' ? { numFailingTests: 1 } : { numPendingTests: 1 };
  return { ...createEmptyTestResult(), ...counts, testResults: [test] };
}

function namesFile(config, testPath) {
  return path.join(config.rootDir, '.cache', 'stryker-tests', `${path.relative(config.rootDir, testPath).replace(/\W/g, '-')}.json`);
}

function hasTests(file, pattern) {
  return !pattern || JSON.parse(fs.readFileSync(file, 'utf8')).some((name) => new RegExp(pattern, 'i').test(name));
}

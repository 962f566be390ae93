// @ts-check
'use strict';

const http = require('node:http');
const https = require('node:https');
const { setTimeout: sleep } = require('node:timers/promises');
const { CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } = require('@aws-sdk/client-codedeploy');
const { EC2Client, paginateDescribeNetworkInterfaces } = require('@aws-sdk/client-ec2');

const REQUEST_MILLISECONDS = 5000;
const REPORT_MILLISECONDS = 15_000;
const ROUNDS_IN_A_ROW = 3;
const NO_ANSWER = 'no answer';
const CUT_SHORT = 'not complete when the test timed out';
const MAX_ATTEMPTS = 5;
// five attempts at an unreachable API must fail within the time that is reserved for the report
const API_MILLISECONDS = 2000;

/** @typedef {ReturnType<typeof readSettings>} Settings */
/** @typedef {{ address: string | undefined, path: string }} Target */
/** @typedef {{ DeploymentId: string, LifecycleEventHookExecutionId: string }} HookEvent */
/** @typedef {{ getRemainingTimeInMillis(): number }} Context */

/** @param {string} name @param {{ test(value: string): boolean }} rule @param {string} meaning @param {string} [fallback] */
function setting(name, rule, meaning, fallback = '') {
  const value = process.env[name] || fallback;
  if (!rule.test(value)) {
    throw new Error(`the environment variable ${name} must be ${meaning}, got "${value}". Redeploy the stack that contains DeploymentHooks.smokeTest.`);
  }
  return value;
}

/** @param {string} value */
function isListOfPaths(value) {
  try {
    const paths = JSON.parse(value);
    // an empty list would pass every release
    return Array.isArray(paths) && paths.length > 0 && paths.every((path) => typeof path === 'string' && /^\/[!-~]*$/.test(path));
  } catch {
    return false;
  }
}

function readSettings() {
  const wholeNumber = /^[1-9]\d*$/;
  return {
    loadBalancer: setting('LOAD_BALANCER_FULL_NAME', /^app\/[\w-]+\/\w+$/, 'app/<name>/<id>'),
    protocol: setting('PROTOCOL', /^https?$/, 'http or https'),
    port: Number(setting('PORT', wholeNumber, 'a port number')),
    hostName: setting('HOST_NAME', /^[\w.-]+$/, 'a host name'),
    verifyCertificate: setting('VERIFY_CERTIFICATE', /^(true|false)$/, 'true or false') === 'true',
    /** @type {string[]} */
    paths: JSON.parse(setting('PATHS', { test: isListOfPaths }, 'a JSON array of at least one URL-encoded path that starts with /')),
    healthyCodes: setting('EXPECT_STATUS', /^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/, 'HTTP status codes such as 200-299 or 200,301'),
    timeoutSeconds: Number(setting('TIMEOUT_SECONDS', wholeNumber, 'a number of seconds above 0')),
    interval: Number(setting('INTERVAL_MILLISECONDS', wholeNumber, 'a number of milliseconds above 0', '5000')),
  };
}

/** @param {Settings} settings @param {Context} context */
function deadlineOf({ timeoutSeconds }, context) {
  const milliseconds = Math.min(timeoutSeconds * 1000, context.getRemainingTimeInMillis() - REPORT_MILLISECONDS);
  if (milliseconds <= 0) {
    throw new Error(`the timeout of the function must be longer than the ${REPORT_MILLISECONDS / 1000} s that are reserved for the report.`);
  }
  return Date.now() + milliseconds;
}

/** @param {number} deadline */
function untilDeadline(deadline) {
  return Math.max(deadline - Date.now(), 0);
}

/** @param {string} description @param {number} deadline */
async function addressesOf(description, deadline) {
  const client = new EC2Client({ maxAttempts: MAX_ATTEMPTS, requestHandler: { connectionTimeout: API_MILLISECONDS } });
  const query = { Filters: [{ Name: 'description', Values: [description] }] };
  const addresses = [];
  try {
    const abortSignal = AbortSignal.timeout(untilDeadline(deadline));
    for await (const { NetworkInterfaces = [] } of paginateDescribeNetworkInterfaces({ client }, query, { abortSignal })) {
      addresses.push(...NetworkInterfaces.filter(({ Status }) => Status === 'in-use').map(({ PrivateIpAddress }) => PrivateIpAddress));
    }
  } catch (error) {
    throw new Error(`EC2 did not return the load balancer's addresses (${error}). The function's role needs ec2:DescribeNetworkInterfaces, `
      + "and its subnets need network access to the EC2 API: a NAT gateway or an interface endpoint.");
  }
  if (addresses.length === 0) {
    throw new Error(`no network interface with the description "${description}" is in use in this region and account: `
      + 'does the load balancer still exist? If it was replaced, redeploy the stack that contains DeploymentHooks.smokeTest.');
  }
  return addresses;
}

/** @param {Settings} settings @param {Target} target @param {number} milliseconds @returns {Promise<string>} the status, or why there is none */
function answerOf({ protocol, port, hostName, verifyCertificate }, { address, path }, milliseconds) {
  const { get } = protocol === 'https' ? https : http;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  return new Promise((resolve, reject) => {
    const request = get({
      host: address,
      port,
      path,
      headers: { 'Host': hostName, 'User-Agent': 'cdk-blue-green-python-pipeline smoke test' },
      servername: hostName,
      rejectUnauthorized: verifyCertificate,
      // a reused connection would keep the previous state of the load balancer node
      agent: false,
    }, (response) => response.on('error', reject).on('end', () => resolve(`${response.statusCode}`)).resume());
    request.on('error', reject);
    timer = setTimeout(() => {
      // a request that was closed without an error, for example by an unexpected upgrade, emits no further event
      reject(new Error(milliseconds < REQUEST_MILLISECONDS ? CUT_SHORT : `not complete after ${milliseconds} ms`));
      request.destroy();
    }, milliseconds);
  }).catch(({ message }) => `${NO_ANSWER} (${message})`).finally(() => clearTimeout(timer));
}

/** @param {Settings} settings @param {string[]} wrong */
function failureOf({ protocol, port, hostName }, wrong) {
  const answered = "If the status is correct, change healthyHttpCodes. Otherwise, see the logs of the new tasks.";
  const unanswered = `The load balancer must allow this function on port ${port} and accept ${protocol} there. A verified certificate must match `
    + `${hostName}. The application must answer within ${REQUEST_MILLISECONDS / 1000} s.`;
  const remedies = new Set(wrong.map((line) => line.includes(NO_ANSWER) ? unanswered : answered));
  if (wrong.length === 0) remedies.add('The last round succeeded: set a longer timeout for the test.');
  const sentences = [`fewer than ${ROUNDS_IN_A_ROW} rounds in a row succeeded before the test timed out`, ...wrong].map((text) => `${text}.`);
  return new Error([...sentences, ...remedies].join(' '));
}

/** @param {string} codes such as 200-299 or 200,301 @param {string} answer */
function isHealthy(codes, answer) {
  return codes.split(',').some((range) => {
    const [from, to = from] = range.split('-');
    return /^\d{3}$/.test(answer) && answer >= from && answer <= to;
  });
}

/** @param {Settings} settings @param {Target[]} targets @param {number} deadline */
async function runRounds(settings, targets, deadline) {
  const { protocol, port, hostName, healthyCodes, interval } = settings;
  /** @type {string[]} */
  let lines = [];
  let wrong = lines;
  let inARow = 0;
  while (untilDeadline(deadline) > 0) {
    const milliseconds = Math.min(REQUEST_MILLISECONDS, untilDeadline(deadline));
    const answers = await Promise.all(targets.map((target) => answerOf(settings, target, milliseconds)));
    // the previous round says more than a round without enough time to answer
    if (lines.length > 0 && answers.some((answer) => answer.includes(CUT_SHORT))) break;
    const previous = lines;
    lines = targets.map(({ address, path }, index) =>
      `GET ${protocol}://${address}:${port}${path} (Host ${hostName}): expected ${healthyCodes}, got ${answers[index]}`);
    lines.filter((line, index) => line !== previous[index]).forEach((line) => console.log(line));
    wrong = lines.filter((_, index) => !isHealthy(healthyCodes, answers[index]));
    inARow = wrong.length === 0 ? inARow + 1 : 0;
    // one good round may come from the old tasks: the nodes of a load balancer apply a listener change one after the other
    if (inARow === ROUNDS_IN_A_ROW) return;
    // a timer may fire a millisecond early
    await sleep(Math.min(interval, untilDeadline(deadline) + 1));
  }
  throw failureOf(settings, wrong);
}

/** @param {Context} context */
async function smokeTest(context) {
  const settings = readSettings();
  const deadline = deadlineOf(settings, context);
  const addresses = await addressesOf(`ELB ${settings.loadBalancer}`, deadline);
  const targets = addresses.flatMap((address) => settings.paths.map((path) => ({ address, path })));
  await runRounds(settings, targets, deadline);
  return `${settings.paths.length} path(s) at ${addresses.length} address(es) returned the expected status ${ROUNDS_IN_A_ROW} times in a row.`;
}

/** @param {HookEvent} event @param {'Succeeded' | 'Failed'} status */
async function report(event, status) {
  const timeouts = { connectionTimeout: API_MILLISECONDS, socketTimeout: API_MILLISECONDS };
  const client = new CodeDeployClient({ maxAttempts: MAX_ATTEMPTS, requestHandler: timeouts });
  const input = { deploymentId: event.DeploymentId, lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId, status };
  try {
    await client.send(new PutLifecycleEventHookExecutionStatusCommand(input));
  } catch (error) {
    console.log(`CodeDeploy did not accept the result ${status} (${error}). The function's role needs codedeploy:PutLifecycleEventHookExecutionStatus, `
      + "and its subnets need network access to the CodeDeploy API: a NAT gateway or an interface endpoint.");
    throw error;
  }
}

/** @param {HookEvent} event @param {Context} context */
exports.handler = async (event, context) => {
  // a scheduled call that keeps the function active
  if (!event.DeploymentId) return;
  /** @type {'Succeeded' | 'Failed'} */
  let status = 'Failed';
  try {
    console.log(`Smoke test of deployment ${event.DeploymentId} succeeded: ${await smokeTest(context)}`);
    status = 'Succeeded';
  } catch (error) {
    console.log(`Smoke test of deployment ${event.DeploymentId} failed: ${/** @type {Error} */ (error).message}`);
  }
  await report(event, status);
};

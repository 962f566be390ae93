// template validation costs seconds and 300 MiB a process: the sample app's tests switch it on for themselves
process.env.CDK_VALIDATION = 'false';
// a trace for every resource and warning is a fifth of the time of a synthesis, and no test reads one
process.env.CDK_CONTEXT_JSON = JSON.stringify({
  'aws:cdk:disable-stack-trace': true,
  'aws:cdk:disable-creation-stack-traces': true,
});

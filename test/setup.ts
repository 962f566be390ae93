// template validation costs seconds and 300 MiB a process: the sample app's tests switch it on for themselves
process.env.CDK_VALIDATION = 'false';

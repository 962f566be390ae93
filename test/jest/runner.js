const circus = require('jest-circus/runner').default;
const { share } = require('./shared-modules');

/** Jest's own runner of a test file, with the libraries shared. */
module.exports = function run(globalConfig, config, environment, runtime, ...rest) {
  share(runtime);
  return circus(globalConfig, config, environment, runtime, ...rest);
};

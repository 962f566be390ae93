const { TestEnvironment } = require('jest-environment-node');

/** The shared libraries read the variables of the worker, not the copy that jest gives each test file. */
module.exports = class SharedEnvironment extends TestEnvironment {
  #variables = { ...process.env };

  constructor(...args) {
    super(...args);
    this.global.process.env = process.env;
  }

  async teardown() {
    for (const name of Object.keys(process.env)) {
      if (!(name in this.#variables)) { delete process.env[name]; }
    }
    Object.assign(process.env, this.#variables);
    await super.teardown();
  }
};

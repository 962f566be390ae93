const { TestEnvironment } = require('jest-environment-node');

/** Skips the rest of a file as soon as one test has killed the mutant: jest knows `bail` for whole files only. */
module.exports = class QuickEnvironment extends TestEnvironment {
  #failed = false;

  async handleTestEvent(event) {
    if (process.env.__STRYKER_ACTIVE_MUTANT__ === undefined) { return; }
    if (event.name === 'test_done') { this.#failed ||= event.test.errors.length > 0; }
    if (event.name === 'test_start' && this.#failed) { event.test.mode = 'skip'; }
  }
};

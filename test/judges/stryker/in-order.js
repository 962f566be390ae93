const Sequencer = require('@jest/test-sequencer').default;

/** The files in the order in which the room names them: what kills most comes first. Jest would begin with the largest. */
module.exports = class InOrder extends Sequencer {
  sort(tests) {
    const patterns = (process.env.MUTATION_TESTS ?? '').split(',').map((pattern) => new RegExp(`/${pattern.replace(/\*/g, '[^/]*')}$`));
    const place = ({ path }) => patterns.findIndex((pattern) => pattern.test(path));
    return [...tests].sort((a, b) => place(a) - place(b) || a.path.localeCompare(b.path));
  }
};

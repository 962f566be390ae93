/** An expression of CloudWatch metric math as a tree. */
export type Node =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'array'; readonly items: Node[] }
  | { readonly kind: 'negative'; readonly operand: Node }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: 'call'; readonly name: string; readonly args: Node[] };

/** The functions that the model computes. */
const MODELED = ['IF', 'FILL', 'MIN', 'MAX', 'SUM'];

/** The other functions of the page on metric math. */
const DOCUMENTED = [
  'ABS', 'ANOMALY_DETECTION_BAND', 'AVG', 'CEIL', 'DATAPOINT_COUNT', 'DATE', 'DAY', 'DB_PERF_INSIGHTS', 'DIFF', 'DIFF_TIME', 'EPOCH', 'FIRST',
  'FLOOR', 'HOUR', 'INSIGHT_RULE_METRIC', 'LAMBDA', 'LAST', 'LOG', 'LOG10', 'METRICS', 'METRIC_COUNT', 'MINUTE', 'MONTH', 'PERIOD', 'RATE',
  'REMOVE_EMPTY', 'RUNNING_SUM', 'SEARCH', 'SERVICE_QUOTA', 'SLICE', 'SORT', 'STDDEV', 'TIME_SERIES', 'YEAR',
];

/** From the weakest on. All operators of a level group from the left, but `^`. */
const LEVELS = [['OR'], ['AND'], ['==', '!=', '<=', '>=', '<', '>'], ['+', '-'], ['*', '/']];

const SAME: { readonly [token: string]: string } = { '&&': 'AND', '||': 'OR' };

const TOKEN = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([A-Za-z]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/^<>(),[\]]))/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const [, number, word, sign] = TOKEN.exec(text) ?? [];
    const token = number ?? word ?? sign;
    if (token === undefined) {
      throw new Error(`no token of metric math at position ${start} of '${text}'`);
    }
    tokens.push(SAME[token] ?? token);
  }
  return tokens;
}

/**
 * Parses an expression. It refuses a function that AWS does not document, and one that the model does not compute.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function parse(text: string): Node {
  return new Parser(text).parse();
}

class Parser {
  private readonly tokens: string[];
  private position = 0;

  constructor(private readonly text: string) {
    this.tokens = tokensOf(text);
  }

  public parse(): Node {
    const node = this.binary(0);
    if (this.position < this.tokens.length) { this.refuse(`'${this.tokens[this.position]}' is one token too many`); }
    return node;
  }

  private binary(level: number): Node {
    if (level === LEVELS.length) { return this.unary(); }
    let left = this.binary(level + 1);
    while (LEVELS[level].includes(this.tokens[this.position])) {
      const operator = this.next();
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
    return left;
  }

  private unary(): Node {
    if (this.accept('-')) { return { kind: 'negative', operand: this.unary() }; }
    const left = this.operand();
    return this.accept('^') ? { kind: 'binary', operator: '^', left, right: this.unary() } : left;
  }

  private operand(): Node {
    const token = this.next();
    if (/^[\d.]/.test(token)) { return { kind: 'number', value: Number(token) }; }
    if (token === '(') { return this.closed(this.binary(0), ')'); }
    if (token === '[') { return this.closed({ kind: 'array', items: this.list() }, ']'); }
    if (/^[A-Z]/.test(token)) { return this.call(token); }
    if (/^[a-z]/.test(token)) { return { kind: 'id', id: token }; }
    return this.refuse(`'${token}' cannot be an operand`);
  }

  private call(name: string): Node {
    if (DOCUMENTED.includes(name)) { this.refuse(`the model does not compute ${name}`); }
    if (!MODELED.includes(name)) { this.refuse(`AWS documents no function ${name}`); }
    if (!this.accept('(')) { this.refuse(`${name} has no arguments`); }
    return this.closed({ kind: 'call', name, args: this.list() }, ')');
  }

  private list(): Node[] {
    const items = [this.binary(0)];
    while (this.accept(',')) { items.push(this.binary(0)); }
    return items;
  }

  private closed(node: Node, end: string): Node {
    return this.accept(end) ? node : this.refuse(`'${end}' is missing`);
  }

  private accept(token: string): boolean {
    const found = this.tokens[this.position] === token;
    if (found) { this.position += 1; }
    return found;
  }

  private next(): string {
    const token = this.tokens[this.position] ?? this.refuse('it ends too early');
    this.position += 1;
    return token;
  }

  private refuse(reason: string): never {
    throw new Error(`${reason} in '${this.text}'`);
  }
}

import { measureSynthesis } from './child';
import { PatternStack } from './pattern-stack';

measureSynthesis(PatternStack);

import { measureSynthesis } from './child';
import { HandWrittenStack } from './hand-written-stack';

measureSynthesis(HandWrittenStack);

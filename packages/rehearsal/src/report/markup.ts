/** Text of HTML, SVG or XML whose special characters are escaped already. */
export interface Markup {
  readonly markup: string;
}

/** What an element contains: text is escaped. */
export type Content = Markup | string | number | undefined | readonly Content[];

type Attributes = Readonly<Record<string, string | number | undefined>>;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };

/** These have no end tag in HTML, or none is needed in SVG. */
const WITHOUT_CONTENT = new Set(['meta', 'br', 'path', 'rect', 'line', 'circle', 'use', 'property']);

const TERMINAL_CODES = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

/** Removes a terminal's colors, and what XML 1.0 does not allow: controls, halves of pairs, and noncharacters. */
export function removeControls(text: string): string {
  return text.replace(TERMINAL_CODES, '').replace(/\p{Surrogate}/gu, '').replace(NOT_IN_XML, '');
}

export function escapeText(text: string): string {
  return removeControls(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** A number for an attribute: at most one decimal, and 0 for what is not a number. */
export function shortNumber(value: number): string {
  return Number.isFinite(value) ? `${Math.round(value * 10) / 10 || 0}` : '0';
}

/** Without the attributes that are undefined. */
export function element(name: string, attributes: Attributes = {}, ...content: Content[]): Markup {
  const written = Object.entries(attributes).filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? shortNumber(value) : escapeText(value ?? '')}"`).join('');
  const inner = render(content);
  return { markup: inner === '' && WITHOUT_CONTENT.has(name) ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>` };
}

export function render(content: Content): string {
  if (content === undefined) { return ''; }
  if (typeof content === 'string') { return escapeText(content); }
  if (typeof content === 'number') { return shortNumber(content); }
  return 'markup' in content ? content.markup : content.map(render).join('');
}

/** Markup that this package wrote itself, such as its styles. */
export function trusted(markup: string): Markup {
  return { markup };
}

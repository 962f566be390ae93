export const FONT = 'Helvetica, Arial, sans-serif';
export const INK = '#16191f';
export const MUTED = '#545b64';
export const LINE = '#e1e4e8';
const LINK = '#0073bb';

export interface TextOptions {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly color?: string;
  readonly bold?: boolean;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line of text; `content` is SVG already. */
export function textLine(content: string, { x, y, size, color = INK, bold = false }: TextOptions): string {
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${color}"${bold ? ' font-weight="bold"' : ''}>${content}</text>`;
}

export function rectangle({ x, y, width, height }: Box, fill: string, more = ''): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"${more}/>`;
}

export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** What stands in a paragraph of Markdown: links, bold words and code. */
export function inlineMarkdown(text: string): string {
  return escapeText(text)
    .replace(/\[([^\]]+)\]\([^)]+\)/g, `<tspan fill="${LINK}">$1</tspan>`)
    .replace(/\*\*([^*]+)\*\*/g, '<tspan font-weight="bold">$1</tspan>')
    .replace(/`([^`]+)`/g, '<tspan font-family="monospace">$1</tspan>');
}

/** The width that a text takes, roughly: fonts differ between readers. */
export function widthOf(text: string, size: number): number {
  return Math.round(0.55 * size * text.length);
}

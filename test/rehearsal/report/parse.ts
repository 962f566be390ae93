// eslint-disable-next-line import/no-extraneous-dependencies -- a dependency of jsii-rosetta, which package.json has
import { Document, DOMParser, Element } from '@xmldom/xmldom';

/** Parses strictly: everything that is not well-formed fails. */
export function parseXml(text: string): Document {
  const parser = new DOMParser({ onError: (level, message) => { throw new Error(`${level}: ${message}`); } });
  return parser.parseFromString(text, 'text/xml');
}

/** The page is written so that it is XML, too; only its first line is not. */
export function parsePage(html: string): Document {
  return parseXml(html.replace('<!DOCTYPE html>\n', ''));
}

export function all(parent: Document | Element, name: string): Element[] {
  return [...parent.getElementsByTagName(name)];
}

export function withClass(parent: Document | Element, name: string, className: string): Element[] {
  return all(parent, name).filter((element) => (element.getAttribute('class') ?? '').split(' ').includes(className));
}

export function textOf(node: Element | Document): string {
  return ('documentElement' in node ? node.documentElement : node)?.textContent ?? '';
}

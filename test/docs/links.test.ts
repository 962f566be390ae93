import * as fs from 'fs';
import * as path from 'path';
import { linksOf, missingPlaces, ROOT } from './pages';

const NAME = 'cdk-blue-green-python-pipeline/cdk-blue-green-python-pipeline';
const REPOSITORY = new RegExp(`^https://(?:github\\.com/${NAME}/(?:blob|tree)|raw\\.githubusercontent\\.com/${NAME})/main/`);
/** What npm, PyPI, and Maven show, or copy: relative links lead nowhere there. */
const PUBLISHED = 'README.md';

const PAGES = [PUBLISHED, 'CONTRIBUTING.md', ...fs.readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md')).map((file) => path.join('docs', file)).sort()];

function textOf(page: string): string {
  return fs.readFileSync(path.join(ROOT, page), 'utf8').replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

describe('the links of', () => {
  test.each(PAGES)('%s lead to files and headings that exist', (page) => {
    const links = linksOf(textOf(page));
    const local = links.filter((link) => !/^https?:/.test(link)).map((link) => (link.startsWith('#') ? `${path.basename(page)}${link}` : link));
    const own = links.filter((link) => REPOSITORY.test(link)).map((link) => link.replace(REPOSITORY, ''));
    expect(missingPlaces(local, path.dirname(path.join(ROOT, page)))).toEqual([]);
    expect(missingPlaces(own, ROOT)).toEqual([]);
  });

  test('the README are absolute or within the page, as it is published without the repository', () => {
    expect(linksOf(textOf(PUBLISHED)).filter((link) => !/^(https:|#)/.test(link))).toEqual([]);
  });

  test('each page under docs has a link from the index, or from the index for maintainers', () => {
    const indexes = ['docs/README.md', 'docs/maintainers/README.md', 'docs/maintainers/adr/README.md'];
    const linked = indexes.flatMap((index) => linksOf(textOf(index)).map((link) => path.join(path.dirname(index), link.split('#')[0])));
    expect(PAGES.filter((page) => page.startsWith('docs/') && !indexes.includes(page) && !linked.includes(page))).toEqual([]);
  });

  test('a page without such a file or heading are found', () => {
    expect(missingPlaces(['README.md', 'README.md#no-such-heading', 'no-such-page.md'], path.join(ROOT, 'docs', 'maintainers'))).toEqual(['README.md#no-such-heading', 'no-such-page.md']);
  });
});
